package io.moha.agent.act;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;

/** Something that takes a while, done on the {@link ActionRunner}'s thread. Can be repeated. */
public interface Action {

    /** What it does, in a word or two, for logs and status. */
    String name();

    /**
     * Does it, on {@code server}.
     *
     * @throws MysqlException when the server did not play along; the loop looks again and decides
     *     anew
     * @throws AbandonedException when it makes no sense any more
     */
    void run(MysqlServer server) throws MysqlException, AbandonedException;
}
