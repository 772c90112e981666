package io.moha.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The reports of Netty's leak detector in this JVM. All methods may be called from any thread. */
public final class LeakReports {

    /** One collection can leave an object that only the next one finds dead. */
    private static final int COLLECTIONS = 2;

    private static final long COLLECTION_MILLIS = 5_000;

    private static final ConcurrentLinkedQueue<String> REPORTS = new ConcurrentLinkedQueue<>();

    private LeakReports() {}

    /** Makes every detector created from now on report here; must precede the first buffer. */
    static void install() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
                new ResourceLeakDetectorFactory() {
                    // Deprecated by Netty for its ignored third parameter, yet the abstract method.
                    @SuppressWarnings("deprecation")
                    @Override
                    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                            Class<T> resource, int samplingInterval, long maxActive) {
                        return new RecordingDetector<>(resource, samplingInterval);
                    }
                });
    }

    /**
     * Collects garbage until what is unreachable was found, makes the detector look, and takes away
     * what it reported since the last call.
     *
     * @return one text a leak, with where the buffer was last touched; empty when nothing leaked
     */
    public static List<String> provoke() {
        for (int i = 0; i < COLLECTIONS; i++) {
            awaitCollection();
        }
        // A detector reports only when it is asked to track another buffer.
        ByteBuf probe = PooledByteBufAllocator.DEFAULT.buffer(1);
        probe.release();
        List<String> taken = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            taken.add(report);
        }
        return taken;
    }

    private static void awaitCollection() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        Reference<Object> sentinel = new PhantomReference<>(new Object(), queue);
        try {
            for (int i = 0; i < COLLECTION_MILLIS / 100; i++) {
                System.gc();
                queue.remove(100);
                if (sentinel.refersTo(null)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("no garbage collection, leaks cannot be found");
    }

    /** Records instead of logging. */
    private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {

        RecordingDetector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            REPORTS.add(resourceType + " was not released" + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            REPORTS.add(resourceType + " was not released");
        }
    }
}
