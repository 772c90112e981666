package io.moha.it.client;

import io.moha.it.fixture.WorkDir;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * sysbench, for the C library of its distribution. It wants certificates of its own for TLS, so it
 * is used without.
 */
final class Sysbench implements LoginClient {

    private static final String SCRIPT =
            """
            function thread_init()
              drv = sysbench.sql.driver()
              con = drv:connect()
            end
            function event()
              row = con:query_row("SELECT CONCAT(CURRENT_USER(), ' ', IFNULL(DATABASE(), 'null'))")
              print("I am " .. tostring(row))
            end
            """;

    private final WorkDir work;

    Sysbench(WorkDir work) {
        this.work = work;
    }

    @Override
    public String name() {
        return "sysbench";
    }

    @Override
    public Optional<String> missing() {
        return Programs.find("sysbench").isPresent()
                ? Optional.empty()
                : Optional.of("sysbench is not installed (Debian package sysbench)");
    }

    @Override
    public boolean canEncrypt() {
        return false;
    }

    @Override
    public boolean knows(String plugin) {
        return !plugin.equals("sha256_password");
    }

    @Override
    public Outcome login(Attempt attempt) {
        Path script = work.file("login.lua", SCRIPT);
        Programs.Ended ended =
                Programs.run(
                        work,
                        List.of(
                                Programs.find("sysbench").orElseThrow().toString(),
                                script.toString(),
                                "--threads=1",
                                "--events=1",
                                "--mysql-host=127.0.0.1",
                                "--mysql-port=" + attempt.address().getPort(),
                                "--mysql-user=" + attempt.user(),
                                "--mysql-password=" + attempt.password(),
                                "--mysql-db=" + attempt.schema(),
                                "run"));
        return ended.output()
                .lines()
                .filter(line -> line.startsWith("I am "))
                .findFirst()
                .map(Outcome::ok)
                .orElseGet(() -> Outcome.ofProgram(ended.output()));
    }
}
