"""Multiple choice in many shapes: the options, the right ones, and the answer they make."""

from __future__ import annotations

import textwrap

import pytest

from corpus.banks import find_questions


def dedented(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


CHOICES: dict[str, tuple[str, list[tuple[str, ...]], str]] = {
    "options after code, the answer in details": (
        """
        ###### 1. What's the output?

        ```js
        log(1)
        ```

        - A: `1`
        - B: `2`

        <details><summary><b>Answer</b></summary>
        <p>

        #### Answer: A

        It logs what it is given.

        </p>
        </details>

        ###### 2. What's the output?

        ```js
        log(2)
        ```

        - A: `1`
        - B: `2`

        <details><summary><b>Answer</b></summary>
        <p>

        #### Answer: B

        The same.

        </p>
        </details>
        """,
        [("A",), ("B",)],
        "A: 1\n\nIt logs what it is given.",
    ),
    "in another language": (
        """
        ###### 1. Was ist die Ausgabe?

        - A: eins
        - B: zwei

        <details><summary><b>Antwort</b></summary>
        <p>

        #### Antwort: B

        Weil es so ist.
        </p>
        </details>

        ###### 2. Was ist die Ausgabe?

        - A: drei
        - B: vier

        <details><summary><b>Antwort</b></summary>
        <p>

        #### Antwort: A

        </p>
        </details>
        """,
        [("B",), ("A",)],
        "B: zwei\n\nWeil es so ist.",
    ),
    "check boxes, some with code": (
        """
        #### P1. ¿Qué archivo se edita?

        - [x] uno.xml
        - [ ] dos.xml

        #### P2. ¿Qué código es correcto?

        - [ ]

        ```java
        a();
        ```

        - [x]

        ```java
        b();
        ```

        [Referencia](http://a.b)
        """,
        [("A",), ("B",)],
        "A: uno.xml",
    ),
    "a key at the end": (
        """
        1. Which is a prime?
        a) 4
        b) 7
        c) 9

        2. Which is even?
        a) 4
        b) 7
        c) 9

        Answer key
        1. b
        2. a
        """,
        [("B",), ("A",)],
        "B: 7",
    ),
    "the right one in words, or marked": (
        """
        Q1: Which planet is the largest?
        A) Mars
        B) Jupiter
        Correct answer: Jupiter

        Q2: Which is a star?
        A) Sun ✓
        B) Moon
        """,
        [("B",), ("A",)],
        "B: Jupiter",
    ),
    "no answer given": (
        """
        1. Which planet is the largest?
        A) Mars
        B) Jupiter
        C) Venus

        2. Which is a star?
        A) Sun
        B) Moon
        C) Mars

        3. Which has rings?
        A) Saturn
        B) Moon
        C) Mars
        """,
        [(), (), ()],
        "",
    ),
}


@pytest.mark.parametrize("name", CHOICES)
def test_multiple_choice(name: str) -> None:
    text, right, answer = CHOICES[name]
    found = find_questions(dedented(text))
    assert [f.right for f in found] == right
    assert all(len(f.options) >= 2 for f in found)
    assert found[0].answer == answer
    assert len({f.ask for f in found}) == len(found) or "Ausgabe" in found[0].ask


def test_code_belongs_to_the_question() -> None:
    found = find_questions(dedented(CHOICES["options after code, the answer in details"][0]))
    assert "log(1)" in found[0].ask and "log(2)" in found[1].ask


def test_a_lettered_list_may_be_an_answer() -> None:
    found = find_questions(
        "1. What are the kinds?\nThere are two kinds:\na) fast\nb) slow\n2. Why?\nBecause.\n"
    )
    assert found[0].options == () and "a) fast" in found[0].answer
