package io.moha.proxy.move;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moha.protocol.flags.Capability;
import io.moha.protocol.packet.ConnectAttributes;
import io.moha.proxy.backend.BackendAuth;
import io.moha.proxy.backend.BackendLoginRequest;
import io.moha.proxy.backend.Credentials;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class RestorePlanTest {

    private static final BackendLoginRequest LOGIN =
            new BackendLoginRequest(
                    "app",
                    new BackendAuth.Password(Credentials.EMPTY),
                    null,
                    255,
                    0,
                    ConnectAttributes.NONE,
                    true);

    private final SequencedMap<String, String> variables = new LinkedHashMap<>();

    @Test
    void emptySessionNeedsOnlyTrackers() {
        assertThat(plan(Optional.empty()))
                .containsExactly(
                        TrackerSettings.UNTOUCHED.assertion(), TrackerSettings.CLEAR_WARNINGS);
    }

    @Test
    void variablesAreSetInOneStatementCharacterSetsLast() {
        variables.put("character_set_results", "");
        variables.put("sort_buffer_size", "262144");
        variables.put("sql_mode", "ANSI");
        variables.put("timestamp", "5");
        variables.put("character_set_client", "latin1");

        assertThat(plan(Optional.of("latin1_bin")))
                .last()
                .isEqualTo(
                        "SET @@SESSION.sort_buffer_size=262144,@@SESSION.sql_mode='ANSI',"
                                + "@@SESSION.character_set_client='latin1',"
                                + "@@SESSION.character_set_results=NULL,"
                                + "@@SESSION.collation_connection='latin1_bin'");
    }

    @Test
    void valueThatSettingsCouldChangeIsWrittenInDigits() {
        variables.put("init", "a'b\\");

        assertThat(plan(Optional.empty()))
                .last()
                .isEqualTo("SET @@SESSION.init=_utf8mb4 X'6127625c'");
    }

    @Test
    void queryBeginsWithItsAttributesWhereTheConnectionHasThem() {
        assertThat(RestorePlan.queryArgument("DO 1", Capability.QUERY_ATTRIBUTES))
                .isEqualTo(new byte[] {0, 1, 'D', 'O', ' ', '1'});
    }

    private List<String> plan(Optional<String> collation) {
        SessionPicture session =
                new SessionPicture(
                        LOGIN,
                        variables,
                        false,
                        collation,
                        Optional.empty(),
                        List.of(),
                        TrackerSettings.UNTOUCHED,
                        List.of());
        return RestorePlan.of(session, 0).stream()
                .map(step -> new String(step.argument(), UTF_8))
                .toList();
    }
}
