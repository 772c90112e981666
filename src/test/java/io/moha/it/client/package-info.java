/**
 * The clients that the tests drive, each behind one small interface: two JDBC drivers, the mysql
 * command line, PyMySQL and sysbench.
 */
@NullMarked
package io.moha.it.client;

import org.jspecify.annotations.NullMarked;
