# lit's configuration; ctest passes the build folder and LLVM's tools as parameters.
import lit.formats

config.name = "csan-pass"
config.test_format = lit.formats.ShTest(True)
config.suffixes = [".ll", ".c", ".cpp"]
config.test_exec_root = lit_config.params["build"] + "/tests/pass"
build, tools = lit_config.params["build"], lit_config.params["tools"]
config.substitutions += [
    ("%csan-clang", f"{build}/bin/csan-clang++ -fsanitize=concurrency -S -emit-llvm -o - -w"),
    ("%csan-model", f"{tools}/opt -load {build}/lib/csan-pass.so -load-pass-plugin={build}/lib/csan-pass.so "
     "-passes=csan-model -S -csan-model"),
    ("%csan", f"{tools}/opt -load-pass-plugin={build}/lib/csan-pass.so -passes=csan -S"),
    ("FileCheck", f"{tools}/FileCheck"),
]
