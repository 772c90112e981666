package io.moha.bench.relay;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;

/** How large a buffer each read offers, in bytes. */
sealed interface ReceiveBuffer {

    /** Guesses from what earlier reads brought, between two bounds. */
    record Adaptive(int minimum, int initial, int maximum) implements ReceiveBuffer {}

    /** Always the same size. */
    record Fixed(int size) implements ReceiveBuffer {}

    /**
     * Reads {@code adaptive}, {@code adaptive:MIN:INITIAL:MAX} or {@code fixed:SIZE}.
     *
     * @throws IllegalArgumentException when {@code text} is none of these
     */
    static ReceiveBuffer parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts[0].equals("adaptive") && parts.length == 1) {
            // Netty's own defaults.
            return new Adaptive(64, 2048, 65536);
        }
        if (parts[0].equals("adaptive") && parts.length == 4) {
            return new Adaptive(
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]));
        }
        if (parts[0].equals("fixed") && parts.length == 2) {
            return new Fixed(Integer.parseInt(parts[1]));
        }
        throw new IllegalArgumentException(
                "receive buffer is adaptive, adaptive:MIN:INITIAL:MAX or fixed:SIZE, got " + text);
    }

    /** A new Netty allocator of this kind; one may serve many channels. */
    default MaxMessagesRecvByteBufAllocator create(int maxReads) {
        MaxMessagesRecvByteBufAllocator allocator =
                switch (this) {
                    case Adaptive(int minimum, int initial, int maximum) ->
                            new AdaptiveRecvByteBufAllocator(minimum, initial, maximum);
                    case Fixed(int size) -> new FixedRecvByteBufAllocator(size);
                };
        return allocator.maxMessagesPerRead(maxReads);
    }
}
