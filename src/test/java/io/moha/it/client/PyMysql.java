package io.moha.it.client;

import io.moha.it.fixture.WorkDir;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** PyMySQL in one Python process that takes a login a line. */
final class PyMysql implements LoginClient {

    private static final String SCRIPT =
            """
            import ssl, sys, pymysql
            for line in sys.stdin:
                port, user, password, schema, tls = line.rstrip("\\n").split("\\t")
                context = None
                if tls == "true":
                    context = ssl.create_default_context()
                    context.check_hostname = False
                    context.verify_mode = ssl.CERT_NONE
                try:
                    con = pymysql.connect(host="127.0.0.1", port=int(port), user=user,
                        password=password, database=schema or None, ssl=context,
                        ssl_disabled=(tls != "true"))
                    cursor = con.cursor()
                    cursor.execute("SELECT CURRENT_USER(), DATABASE()")
                    answer = "0\\t" + " ".join(str(v) for v in cursor.fetchone())
                    con.close()
                except pymysql.MySQLError as e:
                    answer = str(e.args[0]) + "\\t" + str(e.args[-1]).replace("\\n", " ")
                except Exception as e:
                    answer = "-1\\t" + repr(e)
                print(answer.replace("\\r", ""), flush=True)
            """;

    private final WorkDir work;
    private @Nullable Process python;

    PyMysql(WorkDir work) {
        this.work = work;
    }

    @Override
    public String name() {
        return "PyMySQL";
    }

    @Override
    public Optional<String> missing() {
        Optional<Path> found = Programs.find("python3");
        boolean usable =
                found.isPresent()
                        && Programs.run(
                                                work,
                                                List.of(
                                                        found.get().toString(),
                                                        "-c",
                                                        "import pymysql, cryptography"))
                                        .exit()
                                == 0;
        return usable
                ? Optional.empty()
                : Optional.of("PyMySQL is not installed (Debian package python3-pymysql)");
    }

    @Override
    public Outcome login(Attempt attempt) {
        try {
            Process process = process();
            BufferedWriter to = process.outputWriter(StandardCharsets.UTF_8);
            to.write(
                    String.join(
                            "\t",
                            Integer.toString(attempt.address().getPort()),
                            attempt.user(),
                            attempt.password(),
                            attempt.schema(),
                            Boolean.toString(attempt.tls())));
            to.newLine();
            to.flush();
            BufferedReader from = process.inputReader(StandardCharsets.UTF_8);
            String line = from.readLine();
            if (line == null) {
                throw new AssertionError("python ended");
            }
            int tab = line.indexOf('\t');
            return new Outcome(
                    Integer.parseInt(line.substring(0, tab)), "", line.substring(tab + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process process() throws IOException {
        if (python == null) {
            python =
                    new ProcessBuilder(
                                    Programs.find("python3").orElseThrow().toString(),
                                    work.file("login.py", SCRIPT).toString())
                            .redirectError(work.path().resolve("python.log").toFile())
                            .start();
        }
        return python;
    }

    @Override
    public void close() {
        if (python != null) {
            python.destroy();
        }
    }
}
