package io.moha.agent.mysql;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real server, spoken to over one connection and, where that could hang, over more. */
public final class JdbcMysqlServer implements MysqlServer {

    private final SqlLink link;
    private final ServerFactsSql facts;
    private final ServerSettings settings;
    private final ReadOnlySwitch readOnly;
    private final BlockersSql blockers;
    private final Clients clients;
    private final ReplicationSql replication;
    private final SemiSyncSql semiSync;
    private final AckerAccounts ackers;
    private final Heartbeat heartbeat;
    private final CloneSql clone;

    /**
     * Connects when something is asked first.
     *
     * @throws IllegalArgumentException when the authority's certificate cannot be used
     */
    public JdbcMysqlServer(ServerAccess access) {
        this.link = new SqlLink(access, new ConnectionMaker(access));
        this.semiSync = new SemiSyncSql(link);
        this.replication = new ReplicationSql(link, access, semiSync);
        this.facts = new ServerFactsSql(link, replication, semiSync);
        this.settings = new ServerSettings(link);
        this.readOnly = new ReadOnlySwitch(link);
        this.blockers = new BlockersSql(link);
        this.clients = new Clients(link);
        this.ackers = new AckerAccounts(link, access);
        this.heartbeat = new Heartbeat(link);
        this.clone = new CloneSql(link, access);
    }

    @Override
    public ServerFacts look() throws MysqlException {
        return facts.look();
    }

    @Override
    public ServerFacts.SemiSyncFacts semiSync() throws MysqlException {
        return semiSync.facts();
    }

    @Override
    public void warm() throws MysqlException {
        readOnly.warm();
        heartbeat.warm();
    }

    @Override
    public String executed() throws MysqlException {
        return facts.executed();
    }

    @Override
    public void prepare() throws MysqlException {
        settings.prepare();
    }

    @Override
    public List<String> problems() throws MysqlException {
        return settings.problems();
    }

    @Override
    public void setReadOnly(Duration limit) throws MysqlException {
        readOnly.on(limit);
    }

    @Override
    public List<ClientConnection> readOnlyBlockers() throws MysqlException {
        return readOnly.blockers();
    }

    @Override
    public List<Blocker> blockers() throws MysqlException {
        return blockers.list();
    }

    @Override
    public void kill(long connection) throws MysqlException {
        clients.kill(connection);
    }

    @Override
    public void setWritable() throws MysqlException {
        readOnly.off();
    }

    @Override
    public List<ClientConnection> clients() throws MysqlException {
        return clients.list();
    }

    @Override
    public void killTransactions() throws MysqlException {
        clients.killTransactions();
    }

    @Override
    public void killClients() throws MysqlException {
        clients.killAll();
    }

    @Override
    public void rotateLog() throws MysqlException {
        link.execute("FLUSH LOCAL BINARY LOGS");
    }

    @Override
    public boolean awaitExecuted(String gtids, Duration limit) throws MysqlException {
        if (GtidSet.parse(gtids).isEmpty()) {
            return true;
        }
        String sql =
                "SELECT WAIT_FOR_EXECUTED_GTID_SET("
                        + SqlText.literal(gtids)
                        + ", "
                        + limit.toMillis() / 1_000.0
                        + ")";
        return link.query(sql, limit.plus(ServerAccess.TIMEOUT), row -> row.getInt(1) == 0)
                .getFirst();
    }

    @Override
    public void stopReceiver() throws MysqlException {
        replication.stopReceiver();
    }

    @Override
    public void startApplier() throws MysqlException {
        replication.startApplier();
    }

    @Override
    public void startReplica() throws MysqlException {
        replication.start();
    }

    @Override
    public void follow(String host, int port, boolean acker) throws MysqlException {
        replication.follow(host, port, acker);
    }

    @Override
    public boolean knock() throws MysqlException {
        return replication.knock();
    }

    @Override
    public void stopFollowing() throws MysqlException {
        replication.forgetDrained();
    }

    @Override
    public void discardRelayLog() throws MysqlException {
        replication.forget();
    }

    @Override
    public void setSemiSyncSource(int acks) throws MysqlException {
        semiSync.setSource(acks);
    }

    @Override
    public boolean isAdmitting(List<String> in, List<String> out) throws MysqlException {
        return ackers.isAdmitting(in, out);
    }

    @Override
    public void provide(String node) throws MysqlException {
        ackers.provide(node);
    }

    @Override
    public void admit(String node) throws MysqlException {
        ackers.admit(node);
    }

    @Override
    public void expel(String node) throws MysqlException {
        ackers.expel(node);
    }

    @Override
    public void dropAckers() throws MysqlException {
        for (long connection : semiSync.acknowledging()) {
            clients.kill(connection);
        }
    }

    @Override
    public List<ConnectedReplica> connectedReplicas() throws MysqlException {
        return semiSync.connected();
    }

    @Override
    public boolean commitHeartbeat(long epoch, Duration limit) throws MysqlException {
        return heartbeat.commit(epoch, limit);
    }

    @Override
    public void probe(Duration limit) throws MysqlException {
        heartbeat.probe(limit);
    }

    @Override
    public void cloneFrom(String host, int port, Duration limit) throws MysqlException {
        clone.cloneFrom(host, port, limit);
    }

    @Override
    public ServerCopy copy() throws MysqlException {
        return clone.copy();
    }

    @Override
    public List<Path> binaryLogs() throws MysqlException {
        return clone.binaryLogs();
    }

    @Override
    public void close() {
        heartbeat.close();
        readOnly.close();
        link.close();
    }
}
