#pragma once
#include "tests/support/folder.hpp"

/// The state folder of an office in a test. The suites that use it run twice: their records are one file of
/// SQLite, or, with RIVERLIGHT_TEST_CLUSTER set to what `postgres_cluster start` wrote, a database of
/// PostgreSQL of its own.
namespace riverlight::test {

/// Whether this run keeps the office's records in PostgreSQL.
[[nodiscard]] bool is_on_postgresql();

class OfficeFolder : public Folder {
  public:
    OfficeFolder();
    ~OfficeFolder();
    OfficeFolder(const OfficeFolder&) = delete;
    OfficeFolder& operator=(const OfficeFolder&) = delete;

    /// Runs statements beside the office, as a hand or a fault would. Both databases read them.
    void change_records(const std::string& sql) const;

  private:
    std::string database_;  ///< its name; empty: SQLite
};

}  // namespace riverlight::test
