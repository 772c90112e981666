package io.moha.cli;

import picocli.CommandLine.Command;

/** {@code moha why}. */
@Command(name = "why", mixinStandardHelpOptions = true)
final class WhyCommand implements Runnable {
    @Override
    public void run() {}
}
