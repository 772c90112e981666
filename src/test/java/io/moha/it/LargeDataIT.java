package io.moha.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.moha.it.fixture.Await;
import io.moha.it.fixture.Servers;
import io.moha.it.fixture.WithServers;
import io.moha.it.raw.Caps;
import io.moha.it.raw.Commands;
import io.moha.it.raw.Expect;
import io.moha.it.raw.Packet;
import io.moha.it.raw.RawClient;
import io.moha.it.raw.RawLogin;
import io.moha.it.raw.Transcripts;
import io.moha.it.raw.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data larger than a packet, a buffer or a client's patience: it arrives whole, and the proxy's
 * memory does not grow with it.
 */
@ExtendWith(WithServers.class)
class LargeDataIT {

    private static final int CAPS = Caps.USUAL | Caps.DEPRECATE_EOF;
    private static final int TWENTY_MB = 20 << 20;
    private static final int MAX_FRAME = 0xFFFFFF;
    private static final long ALLOWED_GROWTH = 48L << 20;
    private static final RawLogin LOGIN = RawLogin.as("large", "large-secret", CAPS).in("app");

    @BeforeAll
    static void makeAccount(Servers servers) {
        servers.mysqld()
                .execute(
                        "CREATE USER IF NOT EXISTS large@'%' IDENTIFIED WITH"
                                + " caching_sha2_password BY 'large-secret';"
                                + "GRANT ALL ON *.* TO large@'%'");
    }

    /** A query's header is one byte; a row of one long text has four bytes of length before it. */
    @ParameterizedTest
    @ValueSource(ints = {MAX_FRAME - 5, MAX_FRAME - 4, MAX_FRAME - 3, MAX_FRAME, TWENTY_MB})
    void aRowOfAnySizeArrivesWhole(int size, Servers servers) throws IOException {
        String sql = "SELECT REPEAT('r', " + size + "), 'next' UNION ALL SELECT 'x', 'y'";

        Transcripts.assertSame(
                answer(servers.proxied(), Commands.query(sql, CAPS)),
                answer(servers.direct(), Commands.query(sql, CAPS)));
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX_FRAME - 1, MAX_FRAME, MAX_FRAME + 1, 2 * MAX_FRAME, TWENTY_MB})
    void aQueryOfAnySizeArrivesWhole(int size, Servers servers) throws IOException {
        String frame = "SELECT LENGTH(''), SHA2('', 256)";
        int text = size - 1 - frame.length();
        String sql = "SELECT LENGTH('" + "q".repeat(text) + "'), SHA2('', 256)";

        Transcripts.assertSame(
                answer(servers.proxied(), Commands.query(sql, CAPS)),
                answer(servers.direct(), Commands.query(sql, CAPS)));
    }

    @Test
    void aLargePreparedParameterComesBackWhole(Servers servers) throws IOException {
        String value = "p".repeat(TWENTY_MB);

        Transcripts.assertSame(echoed(servers.proxied(), value), echoed(servers.direct(), value));
    }

    private static List<String> echoed(InetSocketAddress address, String value) throws IOException {
        try (RawClient client = new RawClient(address, LOGIN)) {
            int id =
                    client.command(Commands.text(0x16, "SELECT ?, 1"), Expect.PREPARED)
                            .getFirst()
                            .int4(1);
            client.send(Commands.longData(id, 0, value));
            byte[] longData = Commands.execute(id, 0, List.of("long:"), true, CAPS);
            byte[] inPlace = Commands.execute(id, 0, List.of(value), true, CAPS);
            List<String> answer = text(client.command(longData, Expect.RESULTS));
            client.command(Commands.statement(0x1A, id), Expect.ONE);
            answer.addAll(text(client.command(inPlace, Expect.RESULTS)));
            return answer;
        }
    }

    @Test
    void aLargeLocalFileArrivesWhole(Servers servers) throws IOException {
        byte[] file =
                "0123456789012345678901234567890123456789\n"
                        .repeat(400_000)
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try (RawClient client = new RawClient(servers.proxied(), LOGIN)) {
            client.offerLocalFile(file);
            client.query("CREATE TEMPORARY TABLE loaded (v CHAR(40)) ENGINE=MyISAM");
            List<Packet> loaded = client.query("LOAD DATA LOCAL INFILE 'f' INTO TABLE loaded");
            List<Packet> count = client.query("SELECT COUNT(*) FROM loaded");

            assertThat(loaded.getLast().isOk()).as(loaded.toString()).isTrue();
            assertThat(count.get(2).toString()).endsWith(".400000");
        }
    }

    @Test
    void aQueryLargerThanTheServerAllowsIsAnError(Servers servers)
            throws IOException, InterruptedException {
        String sql = "SELECT '" + "q".repeat(70 << 20) + "'";
        try (RawClient client = new RawClient(servers.proxied(), LOGIN)) {
            Thread sender = sending(client, Wire.frames(0, Commands.query(sql, CAPS)), 1);

            Packet answer = client.wire().read();

            assertThat(answer.isError()).isTrue();
            assertThat(answer.errno()).isEqualTo(1153);
            assertThat(client.wire().closedAfter(0)).isTrue();
            assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void aSlowReaderDoesNotGrowTheProxy(Servers servers) throws IOException {
        assumeTrue(servers.hasProxy(), "there is no proxy whose memory could grow");
        int rows = 200;
        String sql =
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                        + rows
                        + ") SELECT REPEAT('s', 1000000) FROM n";
        Wire wire = new Wire(servers.proxied(), 64 << 10);
        try (RawClient client = new RawClient(wire, LOGIN)) {
            client.query("DO 1");
            long before = servers.proxy().residentBytes();
            client.send(Commands.query(sql, CAPS));
            long whileWaiting = highestUntilSteady(servers);
            int received = client.read(Expect.RESULTS).size();

            assertThat(received).isEqualTo(rows + 3);
            assertThat(whileWaiting - before).isLessThan(ALLOWED_GROWTH);
            assertThat(servers.proxy().residentBytes() - before).isLessThan(ALLOWED_GROWTH);
        }
    }

    @Test
    void manyQueriesSentAtOnceAreAnsweredInOrder(Servers servers)
            throws IOException, InterruptedException {
        int count = 20_000;
        try (RawClient client = new RawClient(servers.proxied(), LOGIN)) {
            io.moha.it.raw.Bytes burst = new io.moha.it.raw.Bytes();
            for (int i = 0; i < count; i++) {
                burst.raw(Wire.frames(0, Commands.query("SELECT " + (100_000 + i), CAPS)));
            }
            Thread sender = sending(client, burst.done(), 1);

            for (int i = 0; i < count; i++) {
                List<Packet> answer = client.read(Expect.RESULTS);
                assertThat(answer.get(2).toString()).endsWith("." + (100_000 + i));
            }
            assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void aClientThatSendsWithoutReadingDoesNotGrowTheProxy(Servers servers)
            throws IOException, InterruptedException {
        assumeTrue(servers.hasProxy(), "there is no proxy whose memory could grow");
        int count = 150;
        try (RawClient client = new RawClient(new Wire(servers.proxied(), 64 << 10), LOGIN)) {
            String sql = "SELECT LENGTH('" + "x".repeat(1 << 20) + "'), REPEAT('y', 1000000)";
            byte[] query = Wire.frames(0, Commands.query(sql, CAPS));
            long before = servers.proxy().residentBytes();
            Thread sender = sending(client, query, count);
            long highest = highestUntilSteady(servers);
            for (int i = 0; i < count; i++) {
                assertThat(client.read(Expect.RESULTS)).hasSize(5);
            }

            assertThat(highest - before).isLessThan(ALLOWED_GROWTH);
            assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    /** The most memory the proxy had until it stayed the same for a while. */
    private static long highestUntilSteady(Servers servers) {
        long[] highest = {servers.proxy().residentBytes()};
        int[] steady = {0};
        Await.until(
                "the proxy's memory is steady",
                Duration.ofSeconds(30),
                () -> {
                    long now = servers.proxy().residentBytes();
                    steady[0] = now <= highest[0] + (1 << 20) ? steady[0] + 1 : 0;
                    highest[0] = Math.max(highest[0], now);
                    return steady[0] > 50;
                });
        return highest[0];
    }

    private static List<String> answer(InetSocketAddress address, byte[] command)
            throws IOException {
        try (RawClient client = new RawClient(address, LOGIN)) {
            return text(client.command(command, Expect.RESULTS));
        }
    }

    private static List<String> text(List<Packet> packets) {
        List<String> text = new ArrayList<>();
        packets.forEach(packet -> text.add(packet.toString()));
        return text;
    }

    /** Sends in a thread of its own, so that the caller can read meanwhile. */
    private static Thread sending(RawClient client, byte[] bytes, int times) {
        return Thread.startVirtualThread(
                () -> {
                    try {
                        for (int i = 0; i < times; i++) {
                            client.wire().sendRaw(bytes);
                        }
                    } catch (IOException e) {
                        // The other side closed; what it had to say is what the caller reads.
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
