-- One event connects, logs in, reads one row by its key and disconnects.
if sysbench.cmdline.command == nil then
  error("a command is required: run")
end

sysbench.cmdline.options = {
  table_size = {"Rows of the table", 100000},
}

function thread_init()
  driver = sysbench.sql.driver()
end

function event()
  local connection = driver:connect()
  connection:query(string.format(
    "SELECT c FROM sbtest1 WHERE id = %d", sysbench.rand.uniform(1, sysbench.opt.table_size)))
  connection:disconnect()
end
