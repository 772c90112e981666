package io.moha.testing;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class after which a buffer was found that nobody released. */
public final class LeakGuard implements AfterAllCallback {

    @Override
    public void afterAll(ExtensionContext context) {
        failOnLeaks(context.getDisplayName());
    }

    /** Throws an {@link AssertionError} with all reports when anything leaked since last time. */
    static void failOnLeaks(String testClass) {
        List<String> reports = LeakReports.provoke();
        if (!reports.isEmpty()) {
            throw new AssertionError(
                    testClass
                            + " leaked "
                            + reports.size()
                            + " buffers:\n"
                            + String.join("\n", reports));
        }
    }
}
