package org.needle;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A buffer that Netty's detector finds lost fails the run at its end. Found by JUnit through {@code META-INF/services}. */
public final class LeaksOfTheSuite implements BeforeAllCallback {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
    /** The detector looks when a buffer is allocated. */
    private static final int LOOKS = 100;

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Listening()); // before the first buffer is made
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        EndOfTheSuite.add(context, new End());
    }

    private static final class Listening extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // the detectors that Netty asks for are made so
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int interval, long maxActive) {
            return new ResourceLeakDetector<T>(resource, interval) {
                @Override
                protected void reportTracedLeak(String type, String records) {
                    LEAKS.add(type + records);
                    super.reportTracedLeak(type, records);
                }

                @Override
                protected void reportUntracedLeak(String type) {
                    LEAKS.add(type);
                    super.reportUntracedLeak(type);
                }
            };
        }
    }

    /** Closed by JUnit when everything else is over. */
    private static final class End implements AutoCloseable {
        @Override
        public void close() {
            System.gc();
            for (int i = 0; i < LOOKS; i++) {
                ByteBufAllocator.DEFAULT.buffer().release();
            }
            if (!LEAKS.isEmpty()) {
                throw new AssertionError("buffers were not released:\n" + String.join("\n", LEAKS));
            }
        }
    }
}
