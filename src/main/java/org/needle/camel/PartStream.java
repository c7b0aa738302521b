package org.needle.camel;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message that is read while it arrives: one part is held, and the connection is read on when it has been taken. One thread adds,
 * another reads.
 */
final class PartStream extends InputStream {
    // guarded by this
    private byte @Nullable [] part;
    private int offset;
    private @Nullable CompletableFuture<Void> taken;
    private boolean whole;
    private boolean cut;
    private boolean closed;

    /** @return complete when the part has been read, or nobody wants to */
    synchronized CompletableFuture<Void> add(byte[] next, boolean last) {
        whole = last;
        CompletableFuture<Void> turn = new CompletableFuture<>();
        if (closed || next.length == 0) {
            turn.complete(null);
        } else {
            part = next;
            offset = 0;
            taken = turn;
        }
        notifyAll();
        return turn;
    }

    /** The rest will never come. */
    synchronized void cut() {
        cut = true;
        notifyAll();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int start, int length) throws IOException {
        CompletableFuture<Void> done = null;
        int count;
        synchronized (this) {
            if (length == 0) {
                return 0;
            }
            byte[] from = await();
            if (from == null) {
                return -1;
            }
            count = Math.min(length, from.length - offset);
            System.arraycopy(from, offset, into, start, count);
            offset += count;
            if (offset == from.length) {
                part = null;
                done = taken;
            }
        }
        if (done != null) {
            done.complete(null);
        }
        return count;
    }

    private byte @Nullable [] await() throws IOException {
        while (part == null && !whole) {
            if (cut || closed) {
                throw new IOException("the connection ended in the middle of the message");
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
        return part;
    }

    @Override
    public void close() {
        CompletableFuture<Void> done;
        synchronized (this) {
            closed = true;
            part = null;
            done = taken;
            notifyAll();
        }
        if (done != null) {
            done.complete(null);
        }
    }
}
