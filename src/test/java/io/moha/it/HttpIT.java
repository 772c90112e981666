package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moha.it.fixture.Cluster;
import io.moha.it.fixture.Http;
import io.moha.it.fixture.WithCluster;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What load balancers and monitoring ask agents and proxies. */
@ExtendWith(WithCluster.class)
class HttpIT {

    private static final int TEAPOT = 418;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void agentsTellPrimaryFromReplica(Cluster cluster) throws IOException {
        String primary = cluster.primary().orElseThrow();
        for (String id : cluster.nodes()) {
            Http agent = new Http(Cluster.address(cluster.node(id).http()));
            boolean leads = id.equals(primary);

            assertThat(agent.get("/primary").status()).as(id).isEqualTo(leads ? 200 : 503);
            assertThat(agent.get("/replica").status()).as(id).isEqualTo(leads ? 503 : 200);
            assertThat(agent.get("/replica?maxLag=60s").status()).isEqualTo(leads ? 503 : 200);
            assertThat(agent.get("/masterCheck").status()).isEqualTo(leads ? 200 : TEAPOT);
            assertThat(agent.get("/slaveCheck").status()).isEqualTo(leads ? TEAPOT : 200);
            for (String path : List.of("/health", "/liveness", "/readiness", "/status")) {
                assertThat(agent.get(path).status()).as(id + path).isEqualTo(200);
            }
            JsonNode status = JSON.readTree(agent.get("/status").body());
            assertThat(status.isObject()).isTrue();
            assertThat(JSON.readTree(agent.get("/primary").body())).hasSameSizeAs(status);
            assertThat(agent.get("/metrics").body()).contains("# TYPE moha_");
            assertThat(agent.get("/nosuch").status()).isEqualTo(404);
        }
    }

    @Test
    void proxiesTellWhatTheyCanRoute(Cluster cluster) throws IOException {
        Http proxy = new Http(Cluster.address(cluster.proxy().http()));

        for (String path : List.of("/liveness", "/ready", "/ready?for=reads", "/status")) {
            assertThat(proxy.get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(JSON.readTree(proxy.get("/status").body()).isObject()).isTrue();
        assertThat(proxy.metric("moha_proxy_writable")).hasValue(1);
        assertThat(proxy.get("/nosuch").status()).isEqualTo(404);
    }

    @Test
    void strangersCannotChangeAnything(Cluster cluster) throws IOException {
        String primary = cluster.primary().orElseThrow();
        for (String id : cluster.nodes()) {
            Http agent = new Http(Cluster.address(cluster.node(id).http()));

            assertThat(agent.post("/switchover", "{}").status()).isBetween(400, 499);
        }
        assertThat(cluster.primary()).contains(primary);
    }
}
