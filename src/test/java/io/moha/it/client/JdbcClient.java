package io.moha.it.client;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.function.Function;

/** A JDBC driver. */
final class JdbcClient implements LoginClient {

    private final String name;
    private final Function<Attempt, String> url;

    private JdbcClient(String name, Function<Attempt, String> url) {
        this.name = name;
        this.url = url;
    }

    /** MySQL's own driver. */
    static JdbcClient connectorJ() {
        return new JdbcClient(
                "Connector/J",
                attempt ->
                        "jdbc:mysql://"
                                + target(attempt)
                                + "?sslMode="
                                + (attempt.tls() ? "REQUIRED" : "DISABLED")
                                + "&socketTimeout=60000&allowPublicKeyRetrieval="
                                + attempt.mayAskForKey());
    }

    /** MariaDB's driver, which begins every login with mysql_native_password. */
    static JdbcClient mariaDb() {
        return new JdbcClient(
                "MariaDB Connector/J",
                attempt ->
                        "jdbc:mariadb://"
                                + target(attempt)
                                + "?sslMode="
                                + (attempt.tls() ? "trust" : "disable")
                                + "&socketTimeout=60000&allowPublicKeyRetrieval="
                                + attempt.mayAskForKey());
    }

    private static String target(Attempt attempt) {
        return "127.0.0.1:" + attempt.address().getPort() + "/" + attempt.schema();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean knows(String plugin) {
        return !(name.startsWith("MariaDB") && plugin.equals("sha256_password"));
    }

    @Override
    public Outcome login(Attempt attempt) {
        Properties account = new Properties();
        account.setProperty("user", attempt.user());
        account.setProperty("password", attempt.password());
        try (Connection connection = DriverManager.getConnection(url.apply(attempt), account);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CURRENT_USER(), DATABASE()")) {
            row.next();
            return Outcome.ok(row.getString(1) + " " + row.getString(2));
        } catch (SQLException e) {
            return Outcome.of(e);
        }
    }
}
