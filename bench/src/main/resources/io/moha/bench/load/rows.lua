-- One event reads a result of --rows rows, about 190 bytes each, as text.
if sysbench.cmdline.command == nil then
  error("a command is required: run")
end

sysbench.cmdline.options = {
  rows = {"Rows of one result", 10000},
  table_size = {"Rows of the table", 100000},
}

function thread_init()
  driver = sysbench.sql.driver()
  connection = driver:connect()
end

function event()
  local first = sysbench.rand.uniform(1, sysbench.opt.table_size - sysbench.opt.rows + 1)
  connection:query(string.format(
    "SELECT id, k, c, pad FROM sbtest1 WHERE id BETWEEN %d AND %d",
    first, first + sysbench.opt.rows - 1))
end

function thread_done()
  connection:disconnect()
end
