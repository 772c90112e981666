package io.moha.cli;

import io.moha.demo.DemoFile;
import io.moha.protocol.config.ConfigFile;
import io.moha.protocol.config.EtcdConfig;
import io.moha.protocol.config.InvalidConfigException;
import io.moha.proxy.config.ProxyConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command is told which cluster it is about. */
final class ClusterOptions {

    private static final String DEFAULT_PREFIX = "/moha";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file of an agent or a proxy of the cluster.")
    private @Nullable Path config;

    @Option(
            names = "--etcd",
            paramLabel = "URL",
            split = ",",
            description = "etcd's client URLs, separated by commas; goes with --cluster.")
    private @Nullable List<String> etcd;

    @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster's name.")
    private @Nullable String cluster;

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description = "Where clusters live in etcd (default: ${DEFAULT-VALUE}).",
            defaultValue = DEFAULT_PREFIX)
    private String prefix = DEFAULT_PREFIX;

    /**
     * Where a cluster's records are.
     *
     * @param etcd the store
     * @param cluster the cluster's name
     */
    record Where(EtcdConfig etcd, String cluster) {}

    /** A client of the cluster that the options, or the demo of this directory, name. */
    ClusterClient open() throws Failure, ClusterException, InvalidConfigException {
        Where where = where();
        return ClusterClient.open(where.etcd(), where.cluster());
    }

    /** Where the cluster is that the options, or the demo of this directory, name. */
    Where where() throws Failure, InvalidConfigException {
        if (config != null) {
            return fromConfig(config);
        }
        if (etcd != null && cluster != null) {
            return new Where(
                    new EtcdConfig(etcd.stream().map(this::url).toList(), null, null, null, prefix),
                    cluster);
        }
        if (etcd != null || cluster != null) {
            throw usage("--etcd and --cluster go together");
        }
        return fromDemo();
    }

    private static Where fromConfig(Path file) throws Failure, InvalidConfigException {
        if (ConfigFile.open(file).root().has("node")) {
            return fromAgentConfig(file);
        }
        ProxyConfig proxy = ProxyConfig.read(ConfigFile.open(file));
        return new Where(proxy.etcd(), proxy.cluster());
    }

    /** Only the part needed here: whoever looks at a cluster may not read its passwords. */
    private static Where fromAgentConfig(Path file) throws Failure, InvalidConfigException {
        ConfigFile opened = ConfigFile.open(file);
        EtcdConfig etcd = EtcdConfig.bind(opened.root().section("etcd"));
        String name = opened.root().string("cluster");
        if (name.isBlank() || etcd.endpoints().isEmpty()) {
            throw new Failure(file + " names no cluster or no etcd.endpoints");
        }
        return new Where(etcd, name);
    }

    private Where fromDemo() throws Failure {
        for (String directory : List.of(".moha-demo", ".")) {
            DemoFile demo;
            try {
                demo = DemoFile.find(Path.of(directory));
            } catch (IOException e) {
                throw new Failure(e.getMessage() == null ? e.toString() : e.getMessage(), e);
            }
            if (demo != null) {
                List<URI> endpoints =
                        demo.etcd().stream()
                                .map(one -> URI.create("http://" + one.client()))
                                .toList();
                return new Where(
                        new EtcdConfig(endpoints, null, null, null, demo.prefix()), demo.cluster());
            }
        }
        throw usage(
                "which cluster? No demo runs in this directory: give --config FILE, or --etcd and"
                        + " --cluster");
    }

    private URI url(String text) {
        try {
            URI uri = URI.create(text.contains("://") ? text : "http://" + text);
            if (uri.getHost() != null && uri.getPort() > 0) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw usage("--etcd: not a URL: " + text, e);
        }
        throw usage("--etcd: expected a URL like http://10.0.0.1:2379, got " + text);
    }

    private ParameterException usage(String message, Throwable... causes) {
        CommandLine line = spec == null ? new CommandLine(new MohaCommand()) : spec.commandLine();
        ParameterException exception = new ParameterException(line, message);
        Arrays.stream(causes).forEach(exception::addSuppressed);
        return exception;
    }
}
