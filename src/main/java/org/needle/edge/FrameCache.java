package org.needle.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.needle.hub.Event;
import org.needle.wire.Style;
import org.needle.wire.Wire;

/**
 * The encoded frames of recent events, in direct memory, shared by all subscribers of one event loop. Bounded by a number of
 * frames of a kind and {@value #MAX_BYTES} bytes in all; owned by the event loop.
 */
final class FrameCache {
    /** Where many follow the same topics. */
    static final int MANY = 1024;

    private static final int MAX_BYTES = 8 << 20;

    /** A kind of frame: two connections of the same kind are sent the same bytes. */
    record Kind(Style style, Wrap wrap) {}

    private record Slot(Event event, ByteBuf frame) {}

    private final Map<Kind, @Nullable Slot[]> slots = new HashMap<>();
    private final ByteBufAllocator alloc;
    private final int size;
    private int bytes;

    /** @param size frames of a kind; a power of two */
    FrameCache(ByteBufAllocator alloc, int size) {
        this.alloc = alloc;
        this.size = size;
    }

    /** The caller owns the buffer returned, whose indexes are its own. */
    ByteBuf frame(Event event, Kind kind) {
        @Nullable Slot[] ring = slots.computeIfAbsent(kind, x -> new Slot[size]);
        int index = (int) event.offset() & (size - 1);
        Slot slot = ring[index];
        if (slot != null && slot.event().offset() == event.offset()) {
            return slot.frame().retainedDuplicate();
        }
        ByteBuf frame = kind.wrap().around(Wire.event(event, kind.style()), alloc);
        if (slot != null) {
            bytes -= slot.frame().capacity();
            slot.frame().release();
        }
        if (bytes + frame.capacity() > MAX_BYTES) {
            ring[index] = null;
            clear();
        }
        bytes += frame.capacity();
        ring[index] = new Slot(event, frame);
        return frame.retainedDuplicate();
    }

    /** Gives all memory back. */
    void clear() {
        for (@Nullable Slot[] ring : slots.values()) {
            for (int i = 0; i < ring.length; i++) {
                Slot slot = ring[i];
                if (slot != null) {
                    slot.frame().release();
                    ring[i] = null;
                }
            }
        }
        bytes = 0;
    }
}
