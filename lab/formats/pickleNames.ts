/** Modules of Python whose functions a model has no use for, and an attacker has. */
const REFUSED_MODULES = new Set([
  'os', 'posix', 'nt', 'posixpath', 'ntpath', 'sys', 'subprocess', 'pty', 'commands', 'popen2', 'shutil', 'socket', 'ssl', 'select', 'ctypes', '_ctypes', 'cffi', 'mmap', 'signal', 'threading', '_thread', 'multiprocessing',
  'asyncio', 'importlib', 'imp', 'runpy', 'code', 'codeop', 'inspect', 'marshal', 'pickle', '_pickle', 'cPickle', 'dill', 'cloudpickle', 'joblib', 'shelve', 'operator', '_operator', 'functools', '_functools',
  'webbrowser', 'urllib', 'urllib2', 'requests', 'http', 'httplib', 'ftplib', 'smtplib', 'telnetlib', 'tempfile', 'glob', 'fileinput', 'linecache', 'pdb', 'bdb', 'timeit', 'trace', 'cProfile', 'profile', 'doctest', 'unittest', 'pip',
  'pydoc', 'antigravity', 'zipimport', 'pkgutil', 'site', 'venv', 'ensurepip', 'atexit', 'gc', 'weakref', 'io', '_io', 'builtins', '__builtin__', '__builtins__',
])

/** Names of builtins that make plain values. */
const PLAIN_BUILTINS = new Set(['set', 'frozenset', 'complex', 'bytearray', 'bytes', 'str', 'unicode', 'int', 'long', 'float', 'bool', 'list', 'tuple', 'dict', 'slice', 'range', 'xrange', 'object', 'NoneType'])
const BUILTINS = new Set(['builtins', '__builtin__', '__builtins__'])

/** Functions outside of these modules that load or run something. */
const REFUSED_NAMES = /^(types\.(CodeType|FunctionType|LambdaType|MethodType|ModuleType)|torch\.(load|hub\..*|jit\..*|ops\..*|classes\..*|utils\.cpp_extension\..*)|numpy\.(load|loadtxt|genfromtxt|fromfile|testing\..*|f2py\..*|distutils\..*)|.*\.(system|popen|eval|exec|execfile|compile|__import__|getattr|setattr|apply))$/

/**
 * Whether a name is in a pickle to run code, so that the whole file is refused. Other names that are not read are passed over, and refused
 * only where a model would need them; nothing is run either way.
 */
export function refusedName(module: string, name: string): boolean {
  const [root = ''] = module.split('.')
  if (BUILTINS.has(root)) return !PLAIN_BUILTINS.has(name)
  return REFUSED_MODULES.has(root) || REFUSED_NAMES.test(`${module}.${name}`)
}
