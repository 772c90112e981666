package io.moha.cli;

import picocli.CommandLine.Command;

/** {@code moha status}. */
@Command(name = "status", mixinStandardHelpOptions = true)
final class StatusCommand implements Runnable {
    @Override
    public void run() {}
}
