/**
 * Everything said to mysqld by SQL, behind MysqlServer; and what its answers mean: GTID sets,
 * replication status. The only user of java.sql.
 */
@NullMarked
package io.moha.agent.mysql;

import org.jspecify.annotations.NullMarked;
