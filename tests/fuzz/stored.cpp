// Keys and values as a damaged disk may give them: nothing is read that is not there, and what is understood
// is written again the same.
#include "storage/rocksdb/database/format.hpp"
#include "storage/rocksdb/database/posting_union.hpp"
#include "tests/fuzz/must.hpp"

#include <rocksdb/merge_operator.h>

#include <string>
#include <vector>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage::engine;
using fuzz::must;

void use_posting(std::string_view bytes) {
    BucketBits bits;
    if (!decode_into(bytes, bits)) return;
    const auto shortest = encode(bits);
    BucketBits again;
    must(decode_into(shortest, again) && again == bits);
    std::vector<Offset> offsets;
    bits.list(true, bucket_size, offsets);
    must(offsets.size() == bits.count() && encode(offsets) == shortest);
}

// Whatever is merged, the result is a posting, or the merge says that it failed.
void use_union(std::string_view bytes) {
    static const auto merges = posting_union();
    const std::string half(bytes.substr(0, bytes.size() / 2));
    const std::vector<rocksdb::Slice> operands{{half.data(), half.size()},
                                               {bytes.data() + half.size(), bytes.size() - half.size()}};
    rocksdb::Slice existing;
    std::string merged;
    rocksdb::MergeOperator::MergeOperationOutput out(merged, existing);
    const rocksdb::MergeOperator::MergeOperationInput in("key", nullptr, operands, nullptr);
    if (!merges->FullMergeV2(in, &out)) return;
    BucketBits bits;
    must(decode_into(merged, bits));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = fuzz::text_of(data, size);
    use_posting(bytes);
    use_union(bytes);
    if (const auto header = decode_statement_header(bytes)) {
        std::string out;
        append_statement_header(*header, out);
        must(bytes.starts_with(out));
    }
    if (const auto entry = decode_id(bytes)) must(encode_id(*entry) == bytes);
    if (const auto link = decode_link(7, bytes)) must(encode_link(*link) == bytes);
    if (const auto instant = decode_instant(bytes)) must(encode_instant(*instant) == bytes);
    if (const auto sequence = decode_sequence(bytes)) must(encode_sequence(*sequence) == bytes);
    if (const auto kept = decode_document(bytes)) must(encode_document(kept->name, kept->document) == bytes);
    if (const auto activity = decode_activity(bytes)) must(encode_activity(*activity) == bytes);
    if (const auto name = decode_agent_name(bytes)) must(encode_agent_name(*name) == bytes);
    if (const auto credential = decode_credential(bytes)) {
        const auto again = decode_credential(encode_credential(*credential));
        must(again && again->key == credential->key && again->scopes == credential->scopes);
    }
    parse_statement_key(bytes);
    posting_bucket(bytes);
    return 0;
}
