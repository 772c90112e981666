package io.moha.cli;

import picocli.CommandLine.Command;

/** {@code moha switchover}. */
@Command(name = "switchover", mixinStandardHelpOptions = true)
final class SwitchoverCommand implements Runnable {
    @Override
    public void run() {}
}
