package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.moha.it.container.ContainerCluster;
import io.moha.it.container.Images;
import io.moha.it.load.WriteLoad;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same cluster from images: it comes up, survives the loss of the primary's container without
 * losing a write, and takes the container back. Skipped, with the reason, where there is no Docker
 * engine or no image.
 */
class ContainersIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(ContainersIT.class);
    private static final Duration TAKEOVER = Duration.ofSeconds(60);
    private static final Images IMAGES = Images.configured();

    @BeforeAll
    static void skipWithoutEngine() {
        String obstacle = IMAGES.obstacle();
        if (!obstacle.isEmpty()) {
            LOGGER.atWarn().addKeyValue("reason", obstacle).log("containers are not tested");
        }
        assumeTrue(obstacle.isEmpty(), obstacle);
    }

    @Test
    void losesNoWriteWithTheContainerOfThePrimary() throws Exception {
        try (ContainerCluster cluster = new ContainerCluster(IMAGES)) {
            String old = cluster.view().primary().orElseThrow();
            try (WriteLoad load = WriteLoad.start(cluster)) {

                cluster.box(old).kill();
                String fresh = cluster.view().awaitOtherPrimary(old, TAKEOVER);
                load.awaitProgress(100, TAKEOVER);

                load.assertNothingLost(cluster.mysql(fresh));
                LOGGER.atInfo().addKeyValue("killed", old).log(load.summary());
            }
            cluster.box(old).startAgain();
            cluster.awaitWell();
            assertThat(cluster.view().role(old)).isEqualTo("replica");
        }
    }
}
