#pragma once
#include <vector>

#include "tools/office/record_tables.hpp"

/// All records of one database into another, of either kind.
namespace riverlight::office {

/// Copies every row of `from`, as of its OneMoment, into the tables of `to`, which are empty and of the same
/// format, within `to`'s Transaction. Rows are streamed. What was copied, by table. Throws Error that names
/// the table, and the row if it is one that the other database cannot hold.
std::vector<TableContent> copy_records(const Database& from, Database& to);

/// Throws Error that names both databases and the first table that does not hold the same in them.
void require_same(const Database& from, const std::vector<TableContent>& in_from, const Database& to,
                  const std::vector<TableContent>& in_to);

}  // namespace riverlight::office
