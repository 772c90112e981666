package io.moha.bench.relay;

import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the bare relay in the foreground until it is killed. */
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        description = "A bare Netty relay that walks packet headers and forwards buffers.")
public final class RelayMain implements Callable<Integer> {

    @Option(names = "--listen", required = true, description = "host:port to accept clients on")
    private String listen = "";

    @Option(names = "--target", required = true, description = "host:port of the MySQL server")
    private String target = "";

    @Option(
            names = "--allocator",
            defaultValue = "adaptive",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private BufferAllocator allocator = BufferAllocator.ADAPTIVE;

    @Option(
            names = "--recv-buffer",
            defaultValue = "adaptive",
            description = "adaptive, adaptive:MIN:INITIAL:MAX or fixed:SIZE")
    private String receiveBuffer = "adaptive";

    @Option(
            names = "--max-reads",
            defaultValue = "16",
            description = "reads of a channel before the loop turns to the next")
    private int maxReads = 16;

    // Netty's own high mark, which one full read reaches.
    @Option(
            names = "--high-water-mark",
            defaultValue = "65536",
            description = "bytes that may wait for a socket before its peer is no longer read")
    private int highWaterMark = 65536;

    /** Starts the relay with the command line {@code args}. */
    public static void main(String[] args) {
        CommandLine commandLine = new CommandLine(new RelayMain());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        int status = commandLine.execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** Serves until the listening channel is closed. */
    @Override
    public Integer call() throws InterruptedException {
        RelaySettings settings =
                new RelaySettings(
                        address(listen),
                        address(target),
                        allocator,
                        ReceiveBuffer.parse(receiveBuffer),
                        maxReads,
                        highWaterMark);
        try (RelayServer server = new RelayServer(settings)) {
            server.start().closeFuture().sync();
        }
        return 0;
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                hostAndPort.substring(0, colon),
                Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
