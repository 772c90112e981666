package io.moha.protocol.cluster;

/**
 * The etcd keys of one cluster, all under {@code <prefix>/<cluster>/}. Authority lies only in
 * {@link #leader()} and {@link #sync()}, which are changed only by transactions that compare
 * revisions.
 *
 * @param root the common beginning of all keys, ending in a slash
 */
public record ClusterKeys(String root) {

    /** The keys of {@code cluster} under {@code prefix}, for example {@code /moha} and shop. */
    public static ClusterKeys of(String prefix, String cluster) {
        String base = prefix.endsWith("/") ? prefix : prefix + "/";
        return new ClusterKeys(base + cluster + "/");
    }

    /** {@link LeaderRecord}: who leads, in which epoch. */
    public String leader() {
        return root + "leader";
    }

    /** {@link SyncRecord}: whose acknowledgements count. */
    public String sync() {
        return root + "sync";
    }

    /** The beginning of every {@link #member} key. */
    public String members() {
        return root + "members/";
    }

    /** {@link MemberRecord} of one node, under its agent's lease. */
    public String member(String node) {
        return members() + node;
    }

    /** The beginning of every {@link #proxy} key. */
    public String proxies() {
        return root + "proxies/";
    }

    /** {@link ProxyRecord} of one proxy, under its lease. */
    public String proxy(String proxy) {
        return proxies() + proxy;
    }

    /** The proxy that has {@code number}, under its lease; the value is its id. */
    public String proxyNumber(int number) {
        return root + "proxyNumbers/" + number;
    }

    /** {@link SwitchoverRecord}: the present or last planned switchover. */
    public String switchover() {
        return root + "switchover";
    }

    /** The beginning of every {@link #switchoverAck} key. */
    public String switchoverAcks() {
        return root + "switchover/acks/";
    }

    /** {@link SwitchoverAck} of one proxy, under its lease. */
    public String switchoverAck(String proxy) {
        return switchoverAcks() + proxy;
    }

    /** The beginning of every {@link #rejoin} key. */
    public String rejoins() {
        return root + "rejoin/";
    }

    /** {@link RejoinRecord}: the present or last order to bring one node back. */
    public String rejoin(String node) {
        return rejoins() + node;
    }

    /** The beginning of every {@link #history(long)} key. */
    public String history() {
        return root + "history/";
    }

    /** {@link HistoryRecord} of one epoch; the number is padded so that keys sort by it. */
    public String history(long epoch) {
        return history() + String.format("%019d", epoch);
    }

    /** {@link SettingsRecord}: what operators set for good. */
    public String settings() {
        return root + "settings";
    }

    /** {@link PauseRecord}; maintenance mode is on while the key exists. */
    public String pause() {
        return root + "pause";
    }
}
