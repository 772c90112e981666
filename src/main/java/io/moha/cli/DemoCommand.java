package io.moha.cli;

import picocli.CommandLine.Command;

/** {@code moha demo}. */
@Command(name = "demo", mixinStandardHelpOptions = true)
final class DemoCommand implements Runnable {
    @Override
    public void run() {}
}
