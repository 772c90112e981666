package io.moha.proxy.frontend;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;

/** Recognises an HTTP request by what its first three bytes are as the length of a packet. */
final class HttpMethods {

    private static final int[] LENGTHS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "PATCH", "PRI")
                    .stream()
                    .mapToInt(HttpMethods::asLength)
                    .sorted()
                    .toArray();

    private HttpMethods() {}

    /**
     * Whether {@code packetLength} is what a request line looks like.
     *
     * @param packetLength the first three bytes of the connection, little endian
     */
    static boolean isStartOf(int packetLength) {
        return Arrays.binarySearch(LENGTHS, packetLength) >= 0;
    }

    private static int asLength(String method) {
        byte[] bytes = method.getBytes(US_ASCII);
        return bytes[0] | bytes[1] << 8 | bytes[2] << 16;
    }
}
