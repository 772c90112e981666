package io.moha.agent.act;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import io.moha.agent.mysql.ServerFacts;
import java.util.function.LongConsumer;

/**
 * A voter's part of an election: stop receiving, so that the old primary can collect no more
 * acknowledgements here, then look at exactly what there is. The applier goes on.
 */
public final class Freeze implements Action {

    private final Tools tools;
    private final long epoch;
    private final LongConsumer onFrozen;

    /**
     * A freeze for {@code epoch}.
     *
     * @param onFrozen told the epoch after the look, on the runner's thread
     */
    public Freeze(Tools tools, long epoch, LongConsumer onFrozen) {
        this.tools = tools;
        this.epoch = epoch;
        this.onFrozen = onFrozen;
    }

    @Override
    public String name() {
        return "freeze";
    }

    @Override
    public void run(MysqlServer server) throws MysqlException, AbandonedException {
        if (!tools.ledger().freeze(epoch)) {
            throw new AbandonedException("promised to stand by a primary that lost the store");
        }
        server.stopReceiver();
        ServerFacts facts = tools.look(server);
        ServerFacts.ReplicaFacts replica = facts.replica();
        if (replica != null && (replica.ioRunning() || replica.ioConnecting())) {
            throw new AbandonedException("the receiver did not stop");
        }
        onFrozen.accept(epoch);
        if (replica != null && !replica.sqlRunning() && replica.applierError().isEmpty()) {
            // A winner has to apply it anyway, and whoever has it may be asked to pass it on.
            server.startApplier();
        }
    }
}
