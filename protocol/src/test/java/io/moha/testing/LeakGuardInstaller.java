package io.moha.testing;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Installs {@link LeakReports} before the first test class, and so the first buffer, is loaded. */
public final class LeakGuardInstaller implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        LeakReports.install();
    }
}
