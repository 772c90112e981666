package io.moha.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.moha.proxy.routing.Backend;
import io.moha.proxy.routing.Route;
import io.moha.proxy.routing.RoutingTable;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For a session that has come to node a in leadership period 1. */
class PassageRulesTest {

    private static final Backend A1 = TestRouting.primary("a", 1);

    @ParameterizedTest
    @CsvSource({
        // picture, outside a transaction, inside one, without server
        "serving a 1, FORWARD, FORWARD, MOVE",
        "serving a 2, MOVE, FORWARD, MOVE",
        "switching a 1, HOLD, FORWARD, HOLD",
        "serving b 2, MOVE, ABORT, MOVE",
        "switching b 2, HOLD, ABORT, HOLD",
        "nobody x 1, HOLD, HOLD, HOLD",
        "serving a 0, MOVE, FORWARD, HOLD"
    })
    void passageFollowsThePicture(
            String picture, Passage outside, Passage inside, Passage detached) {
        RoutingTable table = table(picture);

        assertThat(PassageRules.onServer(table, Route.PRIMARY, A1, false)).isEqualTo(outside);
        assertThat(PassageRules.onServer(table, Route.PRIMARY, A1, true)).isEqualTo(inside);
        assertThat(PassageRules.detached(table, Route.PRIMARY, 1)).isEqualTo(detached);
    }

    private static RoutingTable table(String picture) {
        String[] words = picture.split(" ", -1);
        TestRouting routing = new TestRouting();
        long epoch = Long.parseLong(words[2]);
        Consumer<String> show =
                switch (words[0]) {
                    case "serving" -> node -> routing.serving(node, epoch);
                    case "switching" -> node -> routing.switching(node, epoch);
                    default -> _ -> routing.nobody(epoch);
                };
        show.accept(words[1]);
        return routing.current();
    }
}
