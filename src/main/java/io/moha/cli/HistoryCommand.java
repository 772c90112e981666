package io.moha.cli;

import picocli.CommandLine.Command;

/** {@code moha history}. */
@Command(name = "history", mixinStandardHelpOptions = true)
final class HistoryCommand implements Runnable {
    @Override
    public void run() {}
}
