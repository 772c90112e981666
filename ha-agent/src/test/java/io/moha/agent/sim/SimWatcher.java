package io.moha.agent.sim;

/** Hears of what happens inside simulated servers. All methods do nothing by default. */
interface SimWatcher {

    /** {@code server} told a client that {@code trx} is committed. */
    default void onAcknowledged(SimMysql server, Trx trx) {}

    /** {@code server} put a transaction of its own into its binary log. */
    default void onTransaction(SimMysql server, Trx trx) {}

    /** {@code server} became writable. */
    default void onWritable(SimMysql server) {}

    /** {@code replica} begins to receive from {@code source}. */
    default void onFollow(SimMysql replica, SimMysql source) {}

    /** {@code server} is about to throw its relay log away. */
    default void onPurge(SimMysql server) {}

    /** {@code server} is about to throw everything away, to become a copy of {@code donor}. */
    default void onDiscard(SimMysql server, SimMysql donor) {}

    /** {@code source} counts an acknowledgement of {@code replica}. */
    default void onAck(SimMysql source, SimMysql replica) {}
}
