package io.moha.agent.mysql;

import com.mysql.cj.jdbc.Driver;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** Opens connections as the agent's account. Stateless but for its settings, so thread-safe. */
final class ConnectionMaker {

    private final String url;
    private final Properties properties;

    /**
     * With the settings for every connection.
     *
     * @throws IllegalArgumentException when the authority's certificate cannot be used
     */
    ConnectionMaker(ServerAccess access) {
        String host = access.address().host();
        this.url =
                "jdbc:mysql://"
                        + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
                        + ":"
                        + access.address().port()
                        + "/";
        this.properties = properties(access);
    }

    /** A new connection, with automatic commit and a binary log. */
    Connection connect() throws SQLException {
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("not a URL of this driver: " + url);
        }
        return connection;
    }

    private static Properties properties(ServerAccess access) {
        String timeout = Long.toString(access.timeout().toMillis());
        Properties properties = new Properties();
        properties.setProperty("user", access.admin().user());
        properties.setProperty("password", access.admin().password().reveal());
        properties.setProperty("connectTimeout", timeout);
        properties.setProperty("socketTimeout", timeout);
        properties.setProperty("connectionAttributes", "program_name:moha-agent");
        // Without TLS, the password travels encrypted with a key that the server sends.
        properties.setProperty("allowPublicKeyRetrieval", "true");
        // The server's settings must not change what a statement means, nor end a connection that
        // is kept for the moment when it is needed.
        properties.setProperty(
                "sessionVariables",
                "sql_mode='',autocommit=1,lock_wait_timeout=5,wait_timeout=31536000,"
                        // What the server keeps times in.
                        + "time_zone='SYSTEM'");
        // Else the driver asks the server before each statement that writes, and asks a new
        // connection for more than is needed: round trips that clients wait for.
        properties.setProperty("useLocalSessionState", "true");
        properties.setProperty("readOnlyPropagatesToServer", "false");
        properties.setProperty("jdbcCompliantTruncation", "false");
        properties.setProperty("characterEncoding", "UTF-8");
        properties.setProperty("useServerPrepStmts", "false");
        Trust.apply(access.tls(), properties);
        return properties;
    }
}
