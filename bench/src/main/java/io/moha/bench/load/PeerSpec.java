package io.moha.bench.load;

import io.moha.bench.proc.BenchException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One way to the server that is to be measured.
 *
 * @param name what tables call it; unique in a run
 * @param kind what it is
 * @param jvmFlags further flags of its JVM
 * @param arguments further arguments of its program
 */
record PeerSpec(String name, PeerKind kind, List<String> jvmFlags, List<String> arguments) {

    /** Copies the lists. */
    PeerSpec {
        jvmFlags = List.copyOf(jvmFlags);
        arguments = List.copyOf(arguments);
    }

    /** A peer of {@code kind} as it is, under the name of its kind. */
    static PeerSpec plain(PeerKind kind) {
        return new PeerSpec(kind.title(), kind, List.of(), List.of());
    }

    /**
     * Reads {@code NAME=KIND OPTION…}, such as {@code small heap=relay -Xmx64m --allocator pooled}.
     * What begins with {@code -X} or {@code -D} goes to the JVM, the rest to the program.
     */
    static PeerSpec variant(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new BenchException("a variant is NAME=KIND OPTION..., got " + text);
        }
        List<String> words =
                Arrays.stream(text.substring(equals + 1).strip().split(" +", -1)).toList();
        return new PeerSpec(
                text.substring(0, equals).strip(),
                PeerKind.valueOf(words.getFirst().toUpperCase(Locale.ROOT)),
                words.stream().skip(1).filter(PeerSpec::isJvmFlag).toList(),
                words.stream().skip(1).filter(word -> !isJvmFlag(word)).toList());
    }

    private static boolean isJvmFlag(String word) {
        return word.startsWith("-X") || word.startsWith("-D");
    }
}
