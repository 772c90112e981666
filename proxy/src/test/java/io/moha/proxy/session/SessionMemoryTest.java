package io.moha.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.packet.ConnectAttributes;
import io.moha.proxy.backend.BackendAuth;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.backend.Credentials;
import io.moha.proxy.move.SessionPicture;
import io.moha.proxy.move.TrackerSettings;
import io.moha.proxy.statement.SetStatement;
import io.moha.proxy.statement.StatementTrait;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SessionMemoryTest {

    private final SessionMemory memory = new SessionMemory(null);

    @Test
    void changeThatNobodyExplainsPins() {
        memory.onStateChanged();
        memory.onChangesEnd(0);

        assertThat(memory.pinReason()).contains("no tracker explains");
    }

    @Test
    void changeOfAVariableIsExplained() {
        memory.onVariable("sql_mode", "ANSI");
        memory.onStateChanged();
        memory.onChangesEnd(0);

        assertThat(memory.isMovable()).isTrue();
    }

    @Test
    void changeAfterAPrepareIsExplainedOnce() {
        memory.onPrepared(1, new byte[0], 0);
        memory.onStateChanged();
        memory.onChangesEnd(0);
        assertThat(memory.isMovable()).isTrue();

        memory.onStateChanged();
        memory.onChangesEnd(0);
        assertThat(memory.isMovable()).isFalse();
    }

    @Test
    void resetClearsAllButRoles() {
        memory.onStatement(StatementTrait.TEMPORARY_TABLE);
        memory.resetConnection();
        assertThat(memory.isMovable()).isTrue();

        memory.onSet(SetStatement.of("SET ROLE admin"));
        memory.resetConnection();
        assertThat(memory.pinReason()).contains("ROLE");
    }

    @Test
    void statementsGetNumbersOfTheirOwn() {
        assertThat(memory.onPrepared(1, new byte[0], 0)).isEqualTo(1);
        assertThat(memory.onPrepared(1, new byte[0], 0)).isEqualTo(2);
        memory.onStatementClosed(1);
        assertThat(memory.onPrepared(1, new byte[0], 0)).isEqualTo(1);
    }

    @Test
    void characterSetAndCollationOfTheConnectionChangeEachOther() {
        memory.onVariable("collation_connection", "latin1_bin");
        memory.onChangesEnd(0);
        memory.onSet(SetStatement.of("SET NAMES utf8mb4"));
        memory.onVariable("character_set_connection", "utf8mb4");
        memory.onChangesEnd(0);
        assertThat(picture().variables()).doesNotContainKey("collation_connection");

        memory.onSet(SetStatement.of("SET NAMES utf8mb4 COLLATE utf8mb4_bin"));
        memory.onVariable("character_set_connection", "utf8mb4");
        memory.onChangesEnd(0);
        assertThat(picture().collation()).contains("utf8mb4_bin");

        memory.onVariable("collation_connection", "utf8mb4_0900_as_cs");
        memory.onChangesEnd(0);
        assertThat(picture().collation()).isEmpty();
        assertThat(picture().variables())
                .containsEntry("collation_connection", "utf8mb4_0900_as_cs");

        memory.onVariable("collation_connection", "latin1_bin");
        memory.onVariable("character_set_connection", "latin1");
        memory.onChangesEnd(0);
        assertThat(picture().variables()).containsEntry("collation_connection", "latin1_bin");
    }

    @Test
    void characterSetsAreTheServersAfterAReset() {
        assertThat(picture().charsetReset()).isFalse();
        memory.resetConnection();
        assertThat(picture().charsetReset()).isTrue();
        memory.reset("app");
        assertThat(picture().charsetReset()).isFalse();
    }

    private SessionPicture picture() {
        return memory.picture(
                new BackendLoginRequest(
                        "app",
                        new BackendAuth.Password(Credentials.EMPTY),
                        null,
                        255,
                        0,
                        ConnectAttributes.NONE,
                        true),
                TrackerSettings.UNTOUCHED);
    }

    @Test
    void openCursorPins() {
        memory.onPrepared(1, new byte[0], 0);

        Objects.requireNonNull(memory.statement(1)).cursorOpen = true;

        assertThat(memory.pinReason()).contains("cursor");
    }
}
