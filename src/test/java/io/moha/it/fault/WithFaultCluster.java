package io.moha.it.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives tests a {@link FaultCluster}, which all test classes of a JVM share as long as it can be
 * healed: one that a failed test left broken is replaced by a new one.
 */
final class WithFaultCluster
        implements ParameterResolver, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final Logger LOGGER = LoggerFactory.getLogger(WithFaultCluster.class);
    private static final Duration HEAL_BOUND = Duration.ofSeconds(60);

    /** Holds the present one. */
    private static final class Holder implements AutoCloseable {

        private @Nullable FaultCluster cluster;

        synchronized FaultCluster get() {
            if (cluster == null) {
                cluster = new FaultCluster();
            }
            return cluster;
        }

        @Override
        public synchronized void close() {
            if (cluster != null) {
                cluster.close();
                cluster = null;
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == FaultCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return holder(context).get();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        LOGGER.atInfo().addKeyValue("test", context.getDisplayName()).log("begins");
        holder(context).get().awaitWell();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean failed = context.getExecutionException().isPresent();
        FaultCluster cluster = holder(context).get();
        try {
            cluster.heal();
            cluster.awaitWell(HEAL_BOUND);
        } catch (AssertionError e) {
            LOGGER.atError().setCause(e).log("the cluster does not heal");
            if (!failed) {
                throw e;
            }
        } finally {
            if (failed) {
                Evidence.keep(cluster, context.getDisplayName());
                holder(context).close();
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        holder(context).get().assertNoLeak();
    }

    private static Holder holder(ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(WithFaultCluster.class))
                .getOrComputeIfAbsent(Holder.class, key -> new Holder(), Holder.class);
    }
}
