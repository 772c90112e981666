package io.moha.it.agent;

import io.moha.agent.mysql.MysqlException;
import io.moha.it.fixture.MysqlUnderTest;
import io.moha.it.fixture.WorkDir;
import io.moha.provision.DatadirSeed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Gives each test fresh servers on copies of one data directory. */
abstract class TwoServers {

    private static final MysqlUnderTest MYSQL = MysqlUnderTest.find();
    private static final WorkDir WORK = WorkDir.make("moha-agent-");
    private static DatadirSeed seed = new DatadirSeed(WORK.path().resolve("seed"));
    private static int started;

    private final List<GuardedServer> servers = new ArrayList<>();

    @BeforeAll
    static void makeSeed() throws Exception {
        if (!seed.directory().toFile().exists()) {
            seed = DatadirSeed.make(MYSQL.home(), seed.directory(), GuardedServer.ACCOUNTS);
        }
    }

    @AfterEach
    void stopServers() {
        servers.forEach(GuardedServer::close);
    }

    @AfterAll
    static void deleteData() {
        WORK.close();
    }

    GuardedServer server() throws Exception {
        GuardedServer server = new GuardedServer(MYSQL, seed, WORK, ++started);
        servers.add(server);
        return server;
    }

    /** Makes {@code source} writable, with semi-sync, and {@code replica} acknowledge. */
    static void replicate(GuardedServer source, GuardedServer replica) throws MysqlException {
        source.server().setSemiSyncSource(1);
        source.server().admit(replica.id());
        replica.server().follow("127.0.0.1", source.port(), true);
        source.server().setWritable();
    }
}
