/* What a program can define to be told of findings, so that a test fails by its own name.
 *
 * Both are called once for each finding that is reported, after it has been written, on the thread
 * that made the later access. Equal and suppressed findings, and all with report_bugs=0, are not
 * passed on. Nothing that a callback does is checked. It may lock, allocate and throw no exception;
 * it must not wait for another thread, whose own finding waits until the callback has returned.
 */
#ifndef CSAN_REPORT_H
#define CSAN_REPORT_H

#ifdef __cplusplus
extern "C" {
#endif

/* The finding as a line of JSON, with its line break: what CSAN_OPTIONS=format=json writes, whatever
 * the format chosen. Valid until the callback returns. Its schema is tools/common/record.schema.json;
 * tools/common/record_reader.h reads it. */
void __csan_on_report(const char* record);

/* ThreadSanitizer's. The report is always null: there is no structure behind it. */
void __tsan_on_report(void* report);

#ifdef __cplusplus
}
#endif

#endif
