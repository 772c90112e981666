package io.moha.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The guard can fail, and only when it should. */
class LeakGuardTest {

    @Test
    void classThatLeaksFails() {
        TestExecutionSummary summary = run(Leaking.class);

        assertThat(summary.getFailures())
                .singleElement()
                .satisfies(
                        failure ->
                                assertThat(failure.getException())
                                        .hasMessageContaining("leaked 1 buffers"));
    }

    @Test
    void classThatReleasesPasses() {
        TestExecutionSummary summary = run(Releasing.class);

        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
        assertThat(summary.getFailures()).isEmpty();
    }

    private static TestExecutionSummary run(Class<?> testClass) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(testClass))
                                .filters(ClassNameFilter.includeClassNamePatterns(".*"))
                                .build(),
                        listener);
        return listener.getSummary();
    }

    /** Not found by the build: its name does not end in Test and it is nested. */
    static class Leaking {
        @Test
        void forgetsToRelease() {
            ByteBuf buffer = Unpooled.directBuffer(16);
            assertThat(buffer.refCnt()).isEqualTo(1);
        }
    }

    /** As {@link Leaking}, but well behaved. */
    static class Releasing {
        @Test
        void releases() {
            ByteBuf buffer = Unpooled.directBuffer(16);
            assertThat(buffer.release()).isTrue();
        }
    }
}
