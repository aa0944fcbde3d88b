#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tools/office/postgres_connection.hpp"

/// Included by postgres_connection.cpp only.
namespace riverlight::office {

/// COPY FROM STDIN in PostgreSQL's binary form (its manual, "COPY", File Formats): numbers are BIGINT, texts
/// TEXT, bytes BYTEA.
class PostgresFiller final : public RowFiller {
  public:
    PostgresFiller(PostgresConnection& connection, std::string_view table,
                   const std::vector<std::string>& columns);
    ~PostgresFiller() override;
    PostgresFiller(const PostgresFiller&) = delete;
    PostgresFiller& operator=(const PostgresFiller&) = delete;
    PostgresFiller(PostgresFiller&&) = delete;
    PostgresFiller& operator=(PostgresFiller&&) = delete;

    void add(const SqlValues& row) override;
    void finish() override;

  private:
    PostgresConnection& connection_;
    std::string piece_;     ///< not sent yet
    bool is_open_ = false;  ///< COPY is under way
};

}  // namespace riverlight::office
