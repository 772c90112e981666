package io.moha.agent.act;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;

/** Actions of a step or two, given by what they do. */
public final class Steps {

    private Steps() {}

    /** The body of an action. */
    @FunctionalInterface
    public interface Body {
        /** Does it, on {@code server}. */
        void run(MysqlServer server) throws MysqlException, AbandonedException;
    }

    /** An action called {@code name} that does {@code body}. */
    public static Action of(String name, Body body) {
        return new Action() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void run(MysqlServer server) throws MysqlException, AbandonedException {
                body.run(server);
            }
        };
    }
}
