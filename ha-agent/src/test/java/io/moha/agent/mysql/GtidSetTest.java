package io.moha.agent.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Compares with a plain set of single transactions, which is slow and obviously right. */
class GtidSetTest {

    private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String B = "aaaaaaaa-71ca-11e1-9e33-c80aa9429562";

    /** One transaction: origin with tag, and number. */
    record Gtid(String origin, long number) {}

    @Provide
    Arbitrary<Set<Gtid>> gtids() {
        Arbitrary<String> origins = Arbitraries.of(A, B, A + ":backup", A + ":z_1", B + ":backup");
        // Few numbers, so that ranges touch, overlap and nest all the time.
        Arbitrary<Long> numbers = Arbitraries.longs().between(1, 12);
        return Combinators.combine(origins, numbers).as(Gtid::new).set().ofMaxSize(30);
    }

    @Property
    void printsWhatItReads(@ForAll("gtids") Set<Gtid> model) {
        GtidSet set = of(model);

        assertThat(GtidSet.parse(set.toString())).isEqualTo(set).hasSameHashCodeAs(set);
        assertThat(set.count()).isEqualTo(model.size());
        assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
    }

    @Property
    void unionIsThatOfSets(@ForAll("gtids") Set<Gtid> left, @ForAll("gtids") Set<Gtid> right) {
        Set<Gtid> expected = new HashSet<>(left);
        expected.addAll(right);

        assertThat(of(left).union(of(right))).isEqualTo(of(expected));
    }

    @Property
    void differenceIsThatOfSets(@ForAll("gtids") Set<Gtid> left, @ForAll("gtids") Set<Gtid> right) {
        Set<Gtid> expected = new HashSet<>(left);
        expected.removeAll(right);

        assertThat(of(left).subtract(of(right))).isEqualTo(of(expected));
    }

    @Property
    void intersectionIsThatOfSets(
            @ForAll("gtids") Set<Gtid> left, @ForAll("gtids") Set<Gtid> right) {
        Set<Gtid> expected = new HashSet<>(left);
        expected.retainAll(right);

        assertThat(of(left).intersect(of(right))).isEqualTo(of(expected));
    }

    @Property
    void containsWhatSetsContain(
            @ForAll("gtids") Set<Gtid> left, @ForAll("gtids") Set<Gtid> right) {
        assertThat(of(left).contains(of(right))).isEqualTo(left.containsAll(right));
        assertThat(of(left).union(of(right)).contains(of(right))).isTrue();
    }

    @Example
    void readsWhatServersPrint() {
        String printed = " " + A.toUpperCase(java.util.Locale.ROOT) + ":1-5:7:9-9,\n" + B + ":3\n";

        assertThat(GtidSet.parse(printed)).hasToString(A + ":1-5:7:9," + B + ":3");
    }

    @Example
    void readsTagsOfOneServerTogetherAndApart() {
        GtidSet together = GtidSet.parse(A + ":1-5:backup:1-3:5:Other:7");
        GtidSet apart = GtidSet.parse(A + ":backup:5:1-3," + A + ":other:7," + A + ":1-5");

        assertThat(together).isEqualTo(apart);
        assertThat(together).hasToString(A + ":1-5:backup:1-3:5:other:7");
        assertThat(together.contains(GtidSet.parse(A + ":6"))).isFalse();
        assertThat(together.contains(GtidSet.parse(A + ":backup:5"))).isTrue();
    }

    @Example
    void namesItsOrigins() {
        GtidSet set = GtidSet.parse(A + ":1-5:backup:2," + B + ":9");

        assertThat(set.origins()).containsExactly(A, B);
        assertThat(set.from(A)).isEqualTo(GtidSet.parse(A + ":1-5:backup:2"));
        assertThat(set.from("none")).isEqualTo(GtidSet.empty());
    }

    @Example
    void hugeNumbersDoNotOverflow() {
        long last = Long.MAX_VALUE - 1;
        GtidSet all = GtidSet.parse(A + ":1-" + last);

        assertThat(all.union(GtidSet.parse(A + ":" + last))).isEqualTo(all);
        assertThat(all.subtract(GtidSet.parse(A + ":1-" + (last - 1)))).hasToString(A + ":" + last);
        assertThat(all.union(GtidSet.parse(B + ":1-5")).count()).isEqualTo(Long.MAX_VALUE);
    }

    @Example
    void refusesWhatIsNoGtidSet() {
        for (String wrong :
                List.of(
                        "x",
                        A,
                        A + ":",
                        A + ":0",
                        A + ":5-4",
                        A + ":tag",
                        A + ":1:tag",
                        A + ":1-99999999999999999999",
                        A + ":1-9223372036854775807",
                        A + ":1-2-3",
                        A + ":1;" + B + ":2")) {
            assertThatThrownBy(() -> GtidSet.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("GTID");
        }
    }

    private static GtidSet of(Set<Gtid> model) {
        return GtidSet.parse(
                model.stream()
                        .map(gtid -> gtid.origin() + ":" + gtid.number())
                        .collect(Collectors.joining(",")));
    }
}
