package io.moha.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code moha test}, for the help: the launcher runs Maven itself, which needs no built program.
 */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Run the whole test suite, the same that CI runs: mvn verify on the right JDK.",
            "End-to-end tests start real MySQL (8.0 and 9.7) and etcd servers, fetched when missing.",
            "Further words are passed to Maven, for example: moha test -pl protocol"
        })
final class TestCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MAVEN-WORD", description = "Passed to Maven.", arity = "0..*")
    private @Nullable List<String> words;

    @Override
    public Integer call() throws Failure {
        throw new Failure(
                "cannot run "
                        + (words == null ? "tests" : String.join(" ", words))
                        + ": tests run in a checkout of the sources only: use ./moha in its root directory");
    }
}
