package io.moha.proxy.session;

import static io.moha.proxy.session.Wire.AUTOCOMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Command;
import io.moha.proxy.move.TrackerSettings;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Statements about session trackers run under the client's settings, alone. */
class SessionTrackersTest {

    private static final String PROXYS = "0 QUERY " + TrackerSettings.UNTOUCHED.assertion();
    private static final String CLEAR = "0 QUERY " + TrackerSettings.CLEAR_WARNINGS;
    private static final String READ = "0 QUERY " + TrackerSettings.READ;
    private static final String CLIENTS = "0 QUERY " + TrackerSettings.UNTOUCHED.restoration(false);

    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void settingIsReadAndTheProxysIsPutBackBeforeTheNextCommand() {
        scene.clientSays(Wire.query("SET session_track_schema=OFF"), Wire.query("SELECT 1"));
        assertThat(scene.commands())
                .containsExactly(CLIENTS, "0 QUERY SET session_track_schema=OFF");

        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT));
        assertThat(scene.commands()).containsExactly(READ);
        scene.serverSays(settings("time_zone", "0", "0", "OFF", "app"));

        assertThat(scene.commands()).containsExactly(PROXYS, CLEAR);
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT));
        assertThat(scene.commands()).containsExactly("0 QUERY SELECT 1");
        assertThat(scene.served()).containsExactly("1 OK 2");
    }

    @Test
    void settingReadBackIsWhatTheClientGetsNextTime() {
        scene.clientSays(Wire.query("SET session_track_system_variables='a,sql_mode'"));
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT));
        scene.serverSays(settings("a,sql_mode", "1", "0", "STATE", ""));
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT));
        scene.commands();

        scene.clientSays(Wire.query("SELECT @@session_track_gtids"));

        assertThat(scene.commands().getFirst())
                .isEqualTo(
                        "0 QUERY SET SESSION session_track_system_variables='a,sql_mode',"
                                + "session_track_schema=ON,session_track_state_change=OFF,"
                                + "session_track_transaction_info='STATE'");
    }

    @Test
    void readingNeedsNoAnswerBeforeTheNextCommand() {
        scene.clientSays(Wire.query("SHOW VARIABLES"));
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.rows(AUTOCOMMIT, "x"));
        assertThat(scene.commands()).containsExactly(CLIENTS, "0 QUERY SHOW VARIABLES");

        scene.clientSays(Wire.query("SELECT FOUND_ROWS()"));
        scene.serverSays(Wire.rows(AUTOCOMMIT, "1"));
        scene.clientSays(Wire.query("SELECT 1"));

        assertThat(scene.commands())
                .containsExactly("0 QUERY SELECT FOUND_ROWS()", PROXYS, CLEAR, "0 QUERY SELECT 1");
    }

    @Test
    void variablesSetAlongAreReadBecauseTheClientMayNotTrackThem() {
        scene.clientSays(
                Wire.query("SET sql_mode='ANSI', session_track_system_variables='time_zone'"));
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT));
        assertThat(scene.commands())
                .contains("0 QUERY SELECT CAST(@@session.sql_mode AS BINARY) LIMIT 1", READ);

        scene.serverSays(Wire.rows(AUTOCOMMIT, "ANSI"));
        scene.serverSays(settings("time_zone", "1", "0", "OFF", ""));
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT));
        scene.server.close();
        scene.routing.serving("b", 2);
        scene.clientSays(Wire.query("SELECT 1"));
        scene.serverAccepts("b", 2);

        assertThat(scene.commands()).contains("0 QUERY SET @@SESSION.sql_mode='ANSI'");
    }

    @Test
    void failureLeavesItsMessageAndPinsUntilItIsKnownWhatItChanged() {
        scene.clientSays(Wire.query("SET session_track_schema='x'"));
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.error(1231));
        scene.commands();

        scene.clientSays(Wire.query("SHOW WARNINGS"));
        scene.serverSays(Wire.rows(AUTOCOMMIT, "w"));
        assertThat(scene.commands()).containsExactly("0 QUERY SHOW WARNINGS");
        assertThat(pinReason()).contains("trackers");

        scene.clientSays(Wire.query("SELECT 1"));
        assertThat(scene.commands()).containsExactly(READ);
        scene.serverSays(settings("time_zone", "1", "0", "OFF", ""));
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT));

        assertThat(scene.commands()).endsWith("0 QUERY SELECT 1");
        assertThat(pinReason()).isNull();
    }

    @Test
    void commandsBehindAResetWaitForTheProxysSettings() {
        scene.clientSays(Wire.command(Command.RESET_CONNECTION), Wire.query("SELECT 1"));
        assertThat(scene.commands()).hasSize(1);

        scene.serverSays(Wire.ok(AUTOCOMMIT));
        assertThat(scene.commands()).containsExactly(PROXYS, CLEAR);
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT));

        assertThat(scene.commands()).containsExactly("0 QUERY SELECT 1");
    }

    @Test
    void plannedMoveWaitsForWhatWasChanged() {
        scene.clientSays(Wire.query("SET session_track_schema='x'"));
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.error(1231));
        scene.commands();
        scene.routing.serving("b", 2);

        scene.clientSays(Wire.query("SELECT 1"));
        assertThat(scene.commands()).containsExactly(READ);
        scene.serverSays(settings("time_zone", "1", "0", "OFF", ""));
        scene.serverSays(Wire.ok(AUTOCOMMIT), Wire.ok(AUTOCOMMIT));

        assertThat(scene.attempts()).isEqualTo(List.of("b2"));
    }

    private @org.jspecify.annotations.Nullable String pinReason() {
        var snapshots = scene.factory.registry().snapshots().toCompletableFuture();
        scene.client.runPendingTasks();
        return snapshots.join().iterator().next().pinReason();
    }

    /** The answer to the statement that reads the settings. */
    private static ByteBuf settings(String... values) {
        return Wire.row(AUTOCOMMIT, values);
    }
}
