package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.needle.hub.Event;
import org.needle.hub.TopicFilter;

/**
 * The subscribers of one event loop that follow the same filters in the same kind of frame, so that a batch is matched, encoded
 * and put together once for all of them. Owned by the event loop.
 */
final class Group {
    /** What makes two subscribers members of one group. */
    record Key(List<TopicFilter> filters, FrameCache.Kind kind) {}

    /** Up to here the frames of a batch are copied together, so that a subscriber costs one buffer and not one for each event. */
    private static final int JOINED = 64 << 10;

    private final Key key;
    private final List<Subscriber> members = new ArrayList<>(2);
    private final List<Event> batch = new ArrayList<>();

    Group(Key key) {
        this.key = key;
    }

    Key key() {
        return key;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    void add(Subscriber member) {
        member.index = members.size();
        members.add(member);
    }

    /** Puts the last member into the place of the one that leaves: cheap, and safe while {@link #deliver} walks backwards. */
    void remove(Subscriber member) {
        Subscriber last = members.remove(members.size() - 1);
        if (member.index < members.size()) {
            members.set(member.index, last);
            last.index = member.index;
        }
    }

    /** Notes an event for the next delivery; true if it is the first. Filters that overlap bring the same event twice. */
    boolean note(Event event) {
        boolean first = batch.isEmpty();
        if (first || batch.get(batch.size() - 1).offset() != event.offset()) {
            batch.add(event);
        }
        return first;
    }

    /** Hands what was noted to the members. */
    void deliver(FrameCache frames, ByteBufAllocator alloc) {
        Batch out = new Batch(
                batch.get(0).offset(), batch.get(batch.size() - 1).offset(), batch.size(), join(frames, alloc));
        batch.clear();
        try {
            for (int i = members.size() - 1; i >= 0; i--) {
                members.get(i).deliver(out);
            }
        } finally {
            out.release();
        }
    }

    private List<ByteBuf> join(FrameCache frames, ByteBufAllocator alloc) {
        List<ByteBuf> buffers = new ArrayList<>(1);
        List<ByteBuf> run = new ArrayList<>(batch.size());
        int size = 0;
        for (Event event : batch) {
            ByteBuf frame = frames.frame(event, key.kind());
            if (!run.isEmpty() && size + frame.readableBytes() > JOINED) {
                buffers.add(joined(run, size, alloc));
                run.clear();
                size = 0;
            }
            run.add(frame);
            size += frame.readableBytes();
        }
        buffers.add(joined(run, size, alloc));
        return buffers;
    }

    private static ByteBuf joined(List<ByteBuf> run, int size, ByteBufAllocator alloc) {
        if (run.size() == 1) {
            return run.get(0);
        }
        ByteBuf joined = alloc.directBuffer(size);
        for (ByteBuf frame : run) {
            joined.writeBytes(frame);
            frame.release();
        }
        return joined;
    }

    /** What every member of a group is sent: the events from offset {@code first} to {@code last}. */
    record Batch(long first, long last, int count, List<ByteBuf> buffers) {
        void release() {
            buffers.forEach(ByteBuf::release);
        }
    }
}
