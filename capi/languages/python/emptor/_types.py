# SPDX-License-Identifier: BSL-1.0
"""The words of signatures."""

import datetime
from decimal import Decimal
from typing import Any, Callable, Literal, Mapping, Optional, Sequence, Union

#: a data frame, a dict of columns, a structured array, or whatever speaks Arrow
Data = Any
#: a table of the kind that was given, or asked for
Frame = Any
Kind = Literal["numpy", "pandas", "polars", "pyarrow", "reader"]
Money = Literal["decimal", "float", "minor"]
Number = Union[float, Decimal]
Numbers = Union[str, float, Sequence[float]]
Date = Union[str, datetime.date]
Horizon = Union[float, str, datetime.date, datetime.timedelta]
Zone = Union[str, datetime.tzinfo, datetime.timedelta]
Columns = Optional[Mapping[str, Any]]
#: ids of customers: texts or whole numbers
Keys = Any
Progress = Union[bool, Callable[[float], object]]
