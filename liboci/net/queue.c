/* Transfers in a row. */
#include "net/xfer_int.h"

void queue_push(struct queue *q, struct transfer *t)
{
	t->next = NULL;
	if (q->last)
		q->last->next = t;
	else
		q->first = t;
	q->last = t;
}

void queue_push_front(struct queue *q, struct transfer *t)
{
	t->next = q->first;
	q->first = t;
	if (!q->last)
		q->last = t;
}

struct transfer *queue_pop(struct queue *q)
{
	struct transfer *t = q->first;

	if (t) {
		q->first = t->next;
		if (!q->first)
			q->last = NULL;
	}
	return t;
}

void queue_remove(struct queue *q, const struct transfer *t)
{
	struct queue others = { 0 };

	for (struct transfer *one; (one = queue_pop(q));)
		if (one != t)
			queue_push(&others, one);
	*q = others;
}
