#include "tests/support/office_folder.hpp"

#include <postgresql/libpq-fe.h>

#include <cstdlib>
#include <memory>

#include "content/base/error.hpp"
#include "content/base/files.hpp"
#include "tools/office/database.hpp"
#include "tools/office/records_address.hpp"

namespace riverlight::test {
namespace {

/// The tables of the present format, made once and copied for each test.
constexpr auto pattern = "office_pattern";

std::string socket_folder() {
    const auto* file = std::getenv("RIVERLIGHT_TEST_CLUSTER");
    if (!file) return "";
    auto folder = read_file(file, 4096);
    folder.erase(folder.find('\n'));
    return folder;
}

office::RecordsAddress address_of(const std::string& database) {
    return office::RecordsAddress::server("postgresql://office@/" + database + "?host=" + socket_folder());
}

/// Makes and drops databases. One test at a time.
class Keeper {
  public:
    Keeper() : pg_(PQconnectdb(address_of("postgres").text().c_str()), PQfinish) {
        run("SELECT pg_advisory_lock(1)");
    }
    void run(const std::string& sql) {
        const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(pg_.get(), sql.c_str()), PQclear);
        const auto status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            throw Error("the tests' PostgreSQL server: " + std::string(PQerrorMessage(pg_.get())));
        rows_ = PQntuples(result.get());
    }
    [[nodiscard]] int rows() const { return rows_; }

  private:
    std::unique_ptr<PGconn, decltype(&PQfinish)> pg_;
    int rows_ = 0;
};

void make_pattern(Keeper& keeper) {
    keeper.run(std::string("SELECT 1 FROM pg_database WHERE datname='") + pattern + "'");
    if (keeper.rows() > 0) return;
    keeper.run("CREATE DATABASE unfinished");
    { const office::Database tables(address_of("unfinished")); }
    keeper.run(std::string("ALTER DATABASE unfinished RENAME TO ") + pattern);
}

}  // namespace

bool is_on_postgresql() {
    return std::getenv("RIVERLIGHT_TEST_CLUSTER") != nullptr;
}

OfficeFolder::OfficeFolder() {
    if (!is_on_postgresql()) return;
    database_ = "office_" + random_hex(8);
    Keeper keeper;
    make_pattern(keeper);
    keeper.run("CREATE DATABASE " + database_ + " TEMPLATE " + pattern);
    write("office.toml", "database = \"" + address_of(database_).text() + "\"\n");
}

OfficeFolder::~OfficeFolder() {
    if (database_.empty()) return;
    try {
        Keeper().run("DROP DATABASE " + database_ + " WITH (FORCE)");
    } catch (const Error&) {  // the cluster goes as a whole
    }
}

void OfficeFolder::change_records(const std::string& sql) const {
    office::Database(office::RecordsAddress::in_folder(path())).run_all(sql);
}

}  // namespace riverlight::test
