package io.moha.it.client;

import io.moha.it.fixture.Servers;
import java.util.List;

/** The mysql command line of the server under test. */
final class MysqlCommand implements LoginClient {

    private final Servers servers;

    MysqlCommand(Servers servers) {
        this.servers = servers;
    }

    @Override
    public String name() {
        return "mysql";
    }

    @Override
    public Outcome login(Attempt attempt) {
        Programs.Ended ended =
                Programs.run(
                        servers.work(),
                        List.of(
                                servers.mysql().program("mysql").toString(),
                                "--no-defaults",
                                "--protocol=TCP",
                                "--host=127.0.0.1",
                                "--port=" + attempt.address().getPort(),
                                "--user=" + attempt.user(),
                                "--password=" + attempt.password(),
                                "--ssl-mode=" + (attempt.tls() ? "REQUIRED" : "DISABLED"),
                                attempt.mayAskForKey()
                                        ? "--get-server-public-key"
                                        : "--skip-get-server-public-key",
                                "--database=" + attempt.schema(),
                                "--batch",
                                "--skip-column-names",
                                "--execute=SELECT CURRENT_USER(), DATABASE()"));
        return Outcome.ofMysql(withoutWarnings(ended.output()));
    }

    private static String withoutWarnings(String output) {
        return String.join(
                "\n",
                output.lines()
                        .filter(line -> !line.contains("[Warning]") && !line.startsWith("WARNING"))
                        .toList());
    }
}
