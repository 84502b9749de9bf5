#!/usr/bin/env python3
"""Writes `../rational-operations.json`: operations on fractions with their exact results.

    python3 rational_operations.py [--check]

Standard library only.  Sums, products, powers and comparisons are those of `fractions.Fraction`;
`double` is Python's correctly rounded division of two integers; `decimal` rounds in integers and
is held against `decimal.Decimal` under a context of enough digits before it is written.
"""
import argparse
import decimal
import json
import math
import pathlib
import random
from fractions import Fraction

TARGET = pathlib.Path(__file__).resolve().parent.parent / "rational-operations.json"

RULES = {
    "fractions": "p/q in lowest terms with q > 0, and p when q = 1",
    "add, subtract, multiply, divide": "[name, a, b, result]",
    "compare": "[name, a, b, sign of a - b: -1, 0 or 1]",
    "floor, ceiling": "[name, a, integer]",
    "power": "[name, a, exponent (may be negative), result]; 0 to the power 0 is 1",
    "parse": "[name, text, fraction, or the word error]",
    "double": "[name, a, nearest double, ties to even, as a C hexadecimal literal, or inf, -inf]; "
              "a negative fraction that rounds to zero has the result -0x0.0p+0",
    "decimal": "[name, a, N, a with exactly N digits after the point, rounded half to even; "
               "no point when N = 0, no minus sign when all digits are zero]",
}


def text(q):
    q = Fraction(q)
    return str(q.numerator) if q.denominator == 1 else f"{q.numerator}/{q.denominator}"


def rounded_decimal(q, digits):
    """`q` with `digits` digits after the point, half to even, in integer arithmetic."""
    scaled, rest = divmod(abs(q.numerator) * 10 ** digits, q.denominator)
    if 2 * rest > q.denominator or (2 * rest == q.denominator and scaled % 2 == 1):
        scaled += 1
    sign = "-" if q < 0 and scaled else ""
    whole, part = divmod(scaled, 10 ** digits)
    answer = f"{sign}{whole}" + (f".{part:0{digits}d}" if digits else "")
    check_decimal(q, digits, answer)
    return answer


def check_decimal(q, digits, answer):
    """The same rounding by the decimal module: the fraction is between its neighbours, and nearest."""
    step = Fraction(1, 10 ** digits)
    error = abs(Fraction(answer) - q)
    assert 2 * error <= step, (q, digits, answer)
    if 2 * error == step:
        assert (Fraction(answer) / step).numerator % 2 == 0, (q, digits, answer)
    with decimal.localcontext() as context:
        context.prec = 2000
        ratio = decimal.Decimal(q.numerator) / decimal.Decimal(q.denominator)
        shown = ratio.quantize(decimal.Decimal(1).scaleb(-digits), decimal.ROUND_HALF_EVEN)
        assert Fraction(str(shown)) == Fraction(answer), (q, digits, answer)


def nearest_double(q):
    try:
        return float(q).hex()
    except OverflowError:
        return "inf" if q > 0 else "-inf"


def edges():
    """Integers around the places where a word ends."""
    out = [0, 1, 2, 3, 7, 10]
    for bits in (31, 32, 53, 62, 63, 64, 127, 128):
        out += [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]
    return out


def operands(source):
    """Fractions that lean towards trouble: word boundaries, huge, tiny, unequal halves."""
    whole = edges()
    out = [Fraction(x) for x in whole] + [Fraction(-x) for x in whole if x]
    for _ in range(60):
        p, q = source.choice(whole), source.choice(whole) or 1
        out.append(Fraction(source.choice((-1, 1)) * p, q))
    for bits in (5, 20, 31, 40, 62, 63, 64, 65, 100, 400):
        for other in (1, 8, bits, 400):
            p, q = source.getrandbits(bits) | 1 << (bits - 1), source.getrandbits(other) | 1
            out.append(Fraction(source.choice((-1, 1)) * p, q))
    out += [Fraction(1, 2 ** 400 - 1), Fraction(-1, 2 ** 400 + 1), Fraction(1, 10 ** 120)]
    return out


def pairs(source, pool, count):
    """Random pairs, then pairs that share factors or cancel."""
    for _ in range(count):
        yield source.choice(pool), source.choice(pool)
    for a in source.sample(pool, 12):
        yield a, a
        yield a, -a
        if a:
            yield a, 1 / a
            yield a, a + Fraction(1, 10 ** 30)
    for bits in (31, 32, 62, 63, 64, 127):
        for shift in (-1, 0, 1):
            q = 2 ** bits + shift
            yield Fraction(1, q), Fraction(q - 1, q)
            yield Fraction(q, 3), Fraction(-q, 6)
            yield Fraction(q - 1, q), Fraction(q, q + 1)


PARSED = [
    "0", "7", "-7", "3/4", "-3/4", "6/8", "-6/8", "0/5", "-0", "0.1", "-0.1", "0.25", "1.50", "10.000",
    "1e-3", "1E-3", "2.5E+2", "2.5e2", "-2.5e-2", "1e0", "0e5", "0.0e-7", "1e400", "1e-400", "-1e30",
    "123456789012345678901234567890", "123456789012345678901234567890/987654321098765432109876543210",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551615/18446744073709551616", "4294967296/4294967298", "0.3333333333333333",
    "0.33333333333333337", "3.141592653589793238462643383279502884197", "1/9223372036854775808",
    "-1/18446744073709551616", "1000000/1000000", "99/100", "999999999999999999e-18", "1.7976931348623157e308",
    "5e-324", "2.2250738585072014E-308", "0.1e1", "12.5e-1", "1e1", "100e-2", "-100e-4",
]
REFUSED = [
    "", " ", "NaN", "nan", "Infinity", "-Infinity", "inf", "1/0", "-1/0", "0/0", "1/2/3", "0x10", "null", "/", "1/", "/2",
    "-", "--1", "1-", "1e", "e5", "1e+", "1 2", "1 /2", "1/ 2", " 1", "1 ", "1\n", "1,5", "1_000", "abc", "1a",
    "1.2.3", "1e5e5", "1e1.5", "٣", "½", "1/2e", "1e999999999", "1e-999999999", "1e10001", "1e-10001",
    "1e99999999999999999999999", "true", "3/4x", "#1", ".", "-.", "1//2", "-/2",
]


def powers(source, pool):
    small = [x for x in pool if max(abs(x.numerator), x.denominator).bit_length() <= 70]
    for a in source.sample(small, 40):
        for exponent in source.sample([-7, -3, -2, -1, 0, 1, 2, 3, 5, 8], 3):
            if a or exponent >= 0:
                yield a, exponent
    for a in (Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(-2), Fraction(1, 2), Fraction(-3, 7)):
        for exponent in (0, 1, 2, 31, 32, 62, 63, 64, 65, 127, 201):
            yield a, exponent
            if a:
                yield a, -exponent


def doubles(source, pool):
    yield from pool
    for _ in range(30):                    # exactly half-way between two doubles, and a hair to either side
        odd, shift = source.getrandbits(52) | 1 << 52, source.randrange(-200, 200)
        half = Fraction(2 * odd + 1) * Fraction(2) ** shift
        hair = half * Fraction(1, 10 ** 40)
        yield from (half, half + hair, half - hair)
    least = Fraction(1, 2 ** 1074)          # the subnormal end: ties, and the last normal number
    for factor in (Fraction(1, 4), Fraction(1, 2), Fraction(1, 2) + Fraction(1, 10 ** 20), Fraction(3, 2),
                   Fraction(5, 2), 1, 3, 2 ** 52 - 1, 2 ** 52, 2 ** 52 - Fraction(1, 2), 2 ** 52 + Fraction(1, 2)):
        yield least * factor
        yield -least * factor
    largest = Fraction(2 ** 1024 - 2 ** 971)  # the upper end: the half-way point to 2^1024 is infinite
    for q in (largest, Fraction(2 ** 1024 - 2 ** 970 - 1), Fraction(2 ** 1024 - 2 ** 970), Fraction(2 ** 1024)):
        yield q
        yield -q
    for q in (Fraction(1, 3), Fraction(2, 3), Fraction(1, 10), Fraction(3, 10), Fraction(10 ** 23), Fraction(10 ** 22),
              Fraction(9007199254740993), Fraction(9007199254740991, 2), Fraction(10 ** 400), Fraction(1, 10 ** 400)):
        yield q


def decimals(source, pool):
    for a in source.sample(pool, 60):
        for digits in source.sample([0, 1, 2, 3, 6, 12, 18, 19, 20, 40], 2):
            yield a, digits
    for numerator in range(-9, 10):         # halves and quarters: every tie of the first places
        yield Fraction(numerator, 2), 0
        yield Fraction(numerator, 4), 1
        yield Fraction(numerator, 8), 2
    for a in (Fraction(1, 3), Fraction(-2, 3), Fraction(1, 7), Fraction(999999, 1000000), Fraction(19, 20),
              Fraction(-1, 1000), Fraction(10 ** 30 - 1, 10 ** 30), Fraction(10 ** 50, 3)):
        for digits in (0, 1, 2, 5, 29, 30, 31, 60):
            yield a, digits


def operations():
    source = random.Random(20261124)
    pool = operands(source)
    binary = {
        "add": lambda a, b: text(a + b), "subtract": lambda a, b: text(a - b),
        "multiply": lambda a, b: text(a * b), "divide": lambda a, b: text(a / b),
        "compare": lambda a, b: str((a > b) - (a < b)),
    }
    for name, operation in binary.items():
        for a, b in pairs(source, pool, 110):
            if name != "divide" or b:
                yield [name, text(a), text(b), operation(a, b)]
    for a in pool:
        yield ["floor", text(a), str(math.floor(a))]
        yield ["ceiling", text(a), str(math.ceil(a))]
    for a, exponent in powers(source, pool):
        yield ["power", text(a), str(exponent), text(a ** exponent)]
    for written in PARSED:
        yield ["parse", written, text(Fraction(written))]
    for written in REFUSED:
        yield ["parse", written, "error"]
    for a in doubles(source, pool):
        yield ["double", text(a), nearest_double(Fraction(a))]
    for a, digits in decimals(source, pool):
        yield ["decimal", text(a), str(digits), rounded_decimal(a, digits)]


def rendered():
    head = {"format": "rational-operations", "version": 1, "rules": RULES}
    lines = ",\n".join(json.dumps(x) for x in unique(operations()))
    return json.dumps(head, indent=1)[:-2] + ',\n "operations": [\n' + lines + "\n]}\n"


def unique(entries):
    seen = set()
    for entry in entries:
        if tuple(entry) not in seen:
            seen.add(tuple(entry))
            yield entry


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the stored file instead of writing it")
    options = parser.parse_args()
    data = rendered()
    if options.check:
        raise SystemExit(0 if TARGET.read_text() == data else "rational-operations.json differs")
    TARGET.write_text(data)
    print(len(json.loads(data)["operations"]), "operations,", len(data), "bytes")


if __name__ == "__main__":
    main()
