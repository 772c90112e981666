package io.moha.bench.ha;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.moha.bench.proc.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The parts of {@code demo.json} that a measurement needs: endpoints, accounts and pid files of a
 * cluster that runs on this machine.
 *
 * @param etcd the store's servers
 * @param nodes the servers with their agents
 * @param proxies the proxies
 * @param accounts who may log in
 */
record DemoFile(List<Etcd> etcd, List<Node> nodes, List<Proxy> proxies, Accounts accounts) {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /**
     * One server of the store.
     *
     * @param id of the server
     * @param client host:port for clients
     * @param pidFile where its process id stands
     */
    record Etcd(String id, String client, String pidFile) {}

    /**
     * One server and its agent.
     *
     * @param id of the node
     * @param mysql host:port of mysqld
     * @param http host:port of the agent
     * @param config the agent's configuration file
     * @param mysqldPidFile where mysqld's process id stands
     * @param agentPidFile where the agent's process id stands
     */
    record Node(
            String id,
            String mysql,
            String http,
            String config,
            String mysqldPidFile,
            String agentPidFile) {

        /** The port of mysqld. */
        int mysqlPort() {
            return portOf(mysql);
        }
    }

    /**
     * One proxy.
     *
     * @param id of the proxy
     * @param rw host:port for writes
     * @param pidFile where its process id stands
     */
    record Proxy(String id, String rw, String pidFile) {}

    /**
     * Who may log in.
     *
     * @param app an application
     * @param root everything
     */
    record Accounts(Account app, Account root) {}

    /**
     * One account.
     *
     * @param user its name
     * @param password its password
     */
    record Account(String user, String password) {

        /** Without the password, so that it can be logged. */
        @Override
        public String toString() {
            return "Account[" + user + "]";
        }
    }

    /** Copies the lists. */
    DemoFile {
        etcd = List.copyOf(etcd);
        nodes = List.copyOf(nodes);
        proxies = List.copyOf(proxies);
    }

    /** The port of {@code address}, host:port. */
    static int portOf(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /**
     * Reads {@code file}.
     *
     * @throws BenchException when it cannot be read
     */
    static DemoFile read(Path file) {
        try {
            return MAPPER.readValue(Files.readString(file), DemoFile.class);
        } catch (JsonProcessingException e) {
            throw new BenchException(file + " is not what `moha demo` writes", e);
        } catch (IOException e) {
            throw new BenchException("cannot read " + file + "; is the demo running?", e);
        }
    }
}
