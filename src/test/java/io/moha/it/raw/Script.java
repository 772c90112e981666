package io.moha.it.raw;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Commands in a row, to be played against two servers whose answers are then compared. */
public final class Script {

    private final String name;
    private final List<Step> steps = new ArrayList<>();
    private boolean transactionStateAsked;

    private Script(String name) {
        this.name = name;
    }

    /**
     * What a step can know while the script is played.
     *
     * @param caps the client's capabilities
     * @param statements numbers of the statements prepared so far; the script counts from 0
     */
    public record Play(int caps, List<Integer> statements) {

        /** The number that the server gave to the statement prepared as {@code index}th. */
        int statement(int index) {
            return index < statements.size() ? statements.get(index) : 999_000 + index;
        }
    }

    private record Step(String title, Function<Play, byte[]> payload, Expect expect) {}

    /** A new script called {@code name}. */
    public static Script of(String name) {
        return new Script(name);
    }

    /** Every script there is. */
    public static List<Script> all() {
        List<Script> all = new ArrayList<>(QueryScripts.all());
        all.addAll(SessionScripts.all());
        all.addAll(SessionScripts.prepared());
        all.addAll(StatementScripts.all());
        return all;
    }

    /** The scripts whose commands can be sent before the first answer is there. */
    public static List<Script> pipelined() {
        return Stream.concat(QueryScripts.all().stream(), SessionScripts.all().stream())
                .filter(script -> !script.name.contains("local file"))
                .toList();
    }

    /** What the script is about. */
    public String name() {
        return name;
    }

    /** Compares the transaction state too, because the script asks for it. */
    public Script askingForTransactionState() {
        transactionStateAsked = true;
        return this;
    }

    /** COM_QUERY. */
    public Script query(String sql) {
        return step(sql, play -> Commands.query(sql, play.caps()), Expect.RESULTS);
    }

    /** COM_QUERY, several times. */
    public Script queries(String... all) {
        for (String sql : all) {
            query(sql);
        }
        return this;
    }

    /** Any command. */
    public Script command(String title, byte[] payload, Expect expect) {
        return step(title, play -> payload, expect);
    }

    /** COM_STMT_PREPARE. */
    public Script prepare(String sql) {
        return command("prepare " + sql, Commands.text(0x16, sql), Expect.PREPARED);
    }

    /** COM_STMT_EXECUTE of the {@code index}th statement, with types and text values. */
    public Script execute(int index, String... values) {
        return execute(index, 0, true, values);
    }

    /** COM_STMT_EXECUTE with {@code flags}; sends types only with {@code bind}. */
    public Script execute(int index, int flags, boolean bind, String... values) {
        return step(
                "execute " + index + " " + Arrays.toString(values),
                play ->
                        Commands.execute(
                                play.statement(index), flags, List.of(values), bind, play.caps()),
                Expect.RESULTS);
    }

    /** Any command whose payload depends on how the script went. */
    public Script step(String title, Function<Play, byte[]> payload, Expect expect) {
        steps.add(new Step(title, payload, expect));
        return this;
    }

    /** Plays it one command at a time and appends to {@code transcript} all that came back. */
    public void play(RawClient client, int caps, List<String> transcript) throws IOException {
        Play play = new Play(caps, new ArrayList<>());
        for (Step step : steps) {
            List<Packet> answer = client.command(step.payload().apply(play), step.expect());
            if (step.expect() == Expect.PREPARED && answer.getFirst().isOk()) {
                play.statements().add(answer.getFirst().int4(1));
            }
            note(step, answer, caps, transcript);
        }
    }

    /** Sends every command before it reads the first answer; not for prepared statements. */
    public void playPipelined(RawClient client, int caps, List<String> transcript)
            throws IOException {
        Play play = new Play(caps, List.of());
        Bytes burst = new Bytes();
        steps.forEach(step -> burst.raw(Wire.frames(0, step.payload().apply(play))));
        client.wire().sendRaw(burst.done());
        for (Step step : steps) {
            note(step, client.read(step.expect()), caps, transcript);
        }
    }

    private void note(Step step, List<Packet> answer, int caps, List<String> transcript) {
        transcript.add("> " + step.title());
        for (int i = 0; i < answer.size(); i++) {
            Packet packet = answer.get(i);
            boolean statement = step.expect() == Expect.PREPARED && i == 0 && packet.isOk();
            transcript.add(
                    statement
                            ? Normal.withoutStatement(packet).toString()
                            : Normal.text(packet, caps, transactionStateAsked));
        }
    }
}
